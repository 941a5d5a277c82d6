import { Group, Stack, Tabs, Text } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { Asset } from '../../../../contract/security/assets.ts'
import { assetQuery } from '../../../api/assets.ts'
import { vulnerabilityPages } from '../../../api/vulnerabilities.ts'
import { DetailFailure } from '../../../shell/detail-failure.tsx'
import { PagePending } from '../../../shell/page-states.tsx'
import { ToneBadge } from '../../../ui/badges.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { AnchorLink, ButtonLink, ExternalLink } from '../../../ui/links.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { assetTabs } from '../assets/asset-search.ts'
import { OpenCounts } from '../assets/asset-table.tsx'
import { GatePanel } from '../gate/gate-panel.tsx'
import { GateBadge } from '../gate/gate-words.tsx'
import { OverridePanel } from '../gate/override-panel.tsx'
import { AssetRiskPanel } from '../risk/asset-risk-panel.tsx'
import { VulnerabilityTable } from '../vulnerabilities/vulnerability-table.tsx'
import { AssetSettings } from './asset-settings.tsx'
import { ImportsTab } from './imports-tab.tsx'
import { RepositoryNote } from './repository-note.tsx'

const route = getRouteApi('/app/assets/$id')

export function AssetPage() {
  const { id } = route.useParams()
  const found = useQuery(assetQuery(id))
  if (found.isPending) return <PagePending />
  if (found.isError) {
    return (
      <DetailFailure what="asset" back={<BackToAssets />} error={found.error} onRetry={() => void found.refetch()} />
    )
  }
  return <Loaded asset={found.data} />
}

function BackToAssets() {
  return (
    <AnchorLink to="/assets" size="sm" mb={4} display="inline-flex">
      <Icon name="left" size={16} />
      Assets
    </AnchorLink>
  )
}

function Loaded({ asset }: { readonly asset: Asset }) {
  const { tab = 'vulnerabilities' } = route.useSearch()
  const navigate = route.useNavigate()
  const open = (value: string | null) => {
    const next = assetTabs.find((item) => item === value)
    void navigate({ search: next === undefined || next === 'vulnerabilities' ? {} : { tab: next }, replace: true })
  }
  return (
    <>
      <PageHeader
        title={asset.name}
        above={<BackToAssets />}
        lead={
          <Group gap={10} mt={6}>
            <span className="mono break">{asset.key}</span>
            {asset.archived_at !== null && <ToneBadge tone="notification">Archived</ToneBadge>}
            {asset.repository !== null && (
              <ExternalLink href={asset.repository.web_url} className="break">
                {asset.repository.full_name}
              </ExternalLink>
            )}
            <Text span>{`Default branch ${asset.default_branch}`}</Text>
            <OpenCounts open={asset.open} />
            {asset.risk_score !== null && <Text span>{`Risk score ${asset.risk_score.toFixed(1)} of 100`}</Text>}
            <Group gap={6} wrap="nowrap">
              <Text span>Security gate</Text>
              <GateBadge verdict={asset.gate} />
            </Group>
          </Group>
        }
      />
      {asset.repository !== null && <RepositoryNote repository={asset.repository} />}
      <Tabs value={tab} onChange={open} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="vulnerabilities">Vulnerabilities</Tabs.Tab>
          <Tabs.Tab value="risk">Risk and gate</Tabs.Tab>
          <Tabs.Tab value="imports">Imports</Tabs.Tab>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="vulnerabilities">
          <AssetVulnerabilities asset={asset} />
        </Tabs.Panel>
        <Tabs.Panel value="risk">
          <Stack>
            <AssetRiskPanel asset={asset} />
            <GatePanel asset={asset} />
            <OverridePanel asset={asset} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="imports">
          <ImportsTab asset={asset} />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <AssetSettings key={asset.id} asset={asset} />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

function AssetVulnerabilities({ asset }: { readonly asset: Asset }) {
  const list = useInfiniteQuery(vulnerabilityPages({ asset_id: [asset.id], open: true, sort: 'severity' }))
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Panel
      flush
      title="Open vulnerabilities"
      actions={
        <ButtonLink to="/vulnerabilities" search={{ asset_id: [asset.id] }} variant="subtle" size="compact-sm">
          All filters
        </ButtonLink>
      }
    >
      {list.isPending && <LoadingRows rows={6} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && (
        <EmptyState
          icon="check"
          title="Nothing open"
          text={
            asset.last_import_at === null
              ? 'No report was imported yet. Import one under “Imports”.'
              : 'The reports imported so far leave nothing open.'
          }
        />
      )}
      {rows.length > 0 && (
        <>
          <VulnerabilityTable rows={rows} />
          <LoadMore
            shown={rows.length}
            total={list.data?.pages[0]?.total}
            one="vulnerability"
            many="vulnerabilities"
            query={list}
          />
        </>
      )}
    </Panel>
  )
}
