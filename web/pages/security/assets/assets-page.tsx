import { Button, Group, NativeSelect, Stack, Switch } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { assetPages } from '../../../api/assets.ts'
import { useMay } from '../../../shell/use-session.ts'
import { Icon } from '../../../ui/icon.tsx'
import { ButtonLink } from '../../../ui/links.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { SearchInput } from '../../../ui/search-input.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import type { AssetListSearch } from './asset-search.ts'
import { AssetTable } from './asset-table.tsx'
import { NewAssetDialog } from './new-asset-dialog.tsx'

const route = getRouteApi('/app/assets')

export function AssetsPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const change = (part: AssetListSearch) => void navigate({ search: (before) => ({ ...before, ...part }) })
  const mayWrite = useMay('asset.write')
  const [opened, dialog] = useDisclosure(false)
  const filter = {
    q: search.q,
    tag: search.tag,
    ...(search.archived !== undefined && { archived: true }),
    sort: search.sort,
  }
  const list = useInfiniteQuery({ ...assetPages(filter), placeholderData: keepPreviousData })
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  const isFiltered = search.q !== undefined || search.tag !== undefined || search.archived !== undefined
  return (
    <>
      <PageHeader
        title="Assets"
        lead="What you protect, usually one repository each. Reports are imported for an asset."
        actions={
          mayWrite && (
            <Button variant="default" leftSection={<Icon name="plus" size={15} />} onClick={dialog.open}>
              New asset
            </Button>
          )
        }
      />
      <Stack gap="sm">
        <Group gap="md">
          <SearchInput
            label="Search assets"
            placeholder="Name, key or repository"
            value={search.q ?? ''}
            onChange={(q) => change({ q })}
          />
          <NativeSelect
            aria-label="Order"
            value={search.sort ?? 'name'}
            onChange={(event) =>
              change({ sort: event.currentTarget.value === '-risk_score' ? '-risk_score' : undefined })
            }
            data={[
              { value: 'name', label: 'By name' },
              { value: '-risk_score', label: 'Highest risk first' },
            ]}
          />
          <Switch
            label="Archived"
            checked={search.archived !== undefined}
            onChange={(event) => change({ archived: event.currentTarget.checked ? 'true' : undefined })}
          />
        </Group>
        {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
        <Panel flush>
          {list.isPending && <LoadingRows rows={8} />}
          {list.isSuccess && rows.length === 0 && <NoAssets filtered={isFiltered} />}
          {rows.length > 0 && (
            <>
              <AssetTable rows={rows} />
              <LoadMore shown={rows.length} one="asset" query={list} />
            </>
          )}
        </Panel>
      </Stack>
      <NewAssetDialog opened={opened} onClose={dialog.close} />
    </>
  )
}

function NoAssets({ filtered }: { readonly filtered: boolean }) {
  const mayConnect = useMay('connection.write')
  if (filtered) {
    return (
      <EmptyState
        icon="filter"
        title="No asset matches"
        text="Try another name, or look at all assets."
        action={
          <ButtonLink to="/assets" variant="default">
            Show all assets
          </ButtonLink>
        }
      />
    )
  }
  return (
    <EmptyState
      icon="assets"
      title="No assets yet"
      text="Connect Bitbucket and choose repositories: each becomes an asset. An asset without a repository can be made by hand."
      action={mayConnect ? <ButtonLink to="/integrations">Connect Bitbucket</ButtonLink> : undefined}
    />
  )
}
