import { Button, Checkbox, Group, ScrollArea, SegmentedControl, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Connection } from '../../../../contract/remotes/connections.ts'
import type { RemoteRepository } from '../../../../contract/remotes/repositories.ts'
import { repositoryPages, useChooseRepositories } from '../../../api/connections.ts'
import { ToneBadge } from '../../../ui/badges.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { LoadMore } from '../../../ui/load-more.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { SearchInput } from '../../../ui/search-input.tsx'
import { EmptyState, FormProblem, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { count } from '../../../ui/words.ts'
import classes from './repository-chooser.module.css'

type Mode = 'some' | 'all'

/** The next step after connecting; folded away once there are assets. */
export function RepositoryChooser({ connection }: { readonly connection: Connection }) {
  const [opened, { open }] = useDisclosure(connection.assets === 0)
  if (opened) return <OpenChooser connection={connection} />
  return (
    <Panel
      title="Repositories"
      lead={`${count(connection.assets, 'repository is an asset', 'repositories are assets')}. The workspace may hold more to choose from.`}
      actions={
        <Button variant="default" onClick={open}>
          Choose more repositories
        </Button>
      }
    >
      <AnchorLink to="/assets">See the assets</AnchorLink>
    </Panel>
  )
}

function OpenChooser({ connection }: { readonly connection: Connection }) {
  const [mode, setMode] = useState<Mode>('some')
  const [chosen, setChosen] = useState<readonly string[]>([])
  const choose = useChooseRepositories()
  const start = () =>
    choose.mutate(
      {
        params: { id: connection.id },
        body: { selection: mode === 'all' ? { kind: 'all' } : { kind: 'some', uuids: [...chosen] } },
      },
      {
        onSuccess: () => {
          setChosen([])
          notifications.show({ message: 'Repositories become assets, and webhooks are made' })
        },
      },
    )
  return (
    <Panel
      title="Choose repositories"
      lead={`Each becomes an asset. ${count(connection.assets, 'asset')} of this workspace so far.`}
      actions={
        <SegmentedControl
          aria-label="Which repositories"
          size="xs"
          value={mode}
          onChange={(value) => setMode(value === 'all' ? 'all' : 'some')}
          data={[
            { value: 'some', label: 'Some' },
            { value: 'all', label: 'All' },
          ]}
        />
      }
    >
      <Stack>
        {mode === 'all' ? (
          <Text c="dimmed">
            Every repository the credential can see, those made later included when you choose again.
          </Text>
        ) : (
          <RepositoryList connectionId={connection.id} chosen={chosen} onChange={setChosen} />
        )}
        <FormProblem error={choose.error} />
        <Group>
          <Button loading={choose.isPending} disabled={mode === 'some' && chosen.length === 0} onClick={start}>
            {mode === 'all' ? 'Take all repositories' : `Take ${count(chosen.length, 'repository', 'repositories')}`}
          </Button>
          {chosen.length > 0 && mode === 'some' && (
            <Button variant="subtle" onClick={() => setChosen([])}>
              Choose none
            </Button>
          )}
        </Group>
      </Stack>
    </Panel>
  )
}

type RepositoryListProps = {
  readonly connectionId: string
  readonly chosen: readonly string[]
  readonly onChange: (chosen: readonly string[]) => void
}

function RepositoryList({ connectionId, chosen, onChange }: RepositoryListProps) {
  const [q, setQ] = useState('')
  const list = useInfiniteQuery({ ...repositoryPages(connectionId, q), placeholderData: keepPreviousData })
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  const free = rows.filter((row) => row.asset_id === null).map((row) => row.uuid)
  const isAll = free.length > 0 && free.every((uuid) => chosen.includes(uuid))
  const toggleAll = () =>
    onChange(isAll ? chosen.filter((uuid) => !free.includes(uuid)) : [...new Set([...chosen, ...free])])
  const toggle = (uuid: string) =>
    onChange(chosen.includes(uuid) ? chosen.filter((item) => item !== uuid) : [...chosen, uuid])
  return (
    <section className={classes.box} aria-label="Repositories found" aria-busy={list.isFetching}>
      <Group p="sm">
        <SearchInput label="Search repositories" placeholder="Name or project" value={q} onChange={setQ} />
        <Checkbox
          label={`All shown (${free.length})`}
          checked={isAll}
          disabled={free.length === 0}
          onChange={toggleAll}
        />
      </Group>
      {list.isPending && <LoadingRows rows={5} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && (
        <EmptyState
          icon="search"
          title="No repository"
          text={q === '' ? 'The credential sees no repository in this workspace.' : 'None matches this search.'}
        />
      )}
      {rows.length > 0 && (
        <>
          <ScrollArea.Autosize mah={420} type="auto">
            {rows.map((row) => (
              <RepositoryLine
                key={row.uuid}
                row={row}
                checked={chosen.includes(row.uuid)}
                onToggle={() => toggle(row.uuid)}
              />
            ))}
          </ScrollArea.Autosize>
          <LoadMore
            shown={rows.length}
            total={list.data?.pages[0]?.total ?? undefined}
            one="repository"
            many="repositories"
            query={list}
          />
        </>
      )}
    </section>
  )
}

type RepositoryLineProps = { readonly row: RemoteRepository; readonly checked: boolean; readonly onToggle: () => void }

function RepositoryLine({ row, checked, onToggle }: RepositoryLineProps) {
  const details = [row.project, row.is_private ? 'private' : 'public', row.main_branch].filter((item) => item !== null)
  return (
    <div className={classes.line}>
      <Checkbox
        checked={checked || row.asset_id !== null}
        disabled={row.asset_id !== null}
        onChange={onToggle}
        label={row.name}
        description={details.join(' · ')}
      />
      {row.asset_id !== null && (
        <Group gap={8}>
          <ToneBadge tone="good" icon="check">
            Asset
          </ToneBadge>
          <AnchorLink
            to="/assets/$id"
            params={{ id: row.asset_id }}
            size="sm"
            aria-label={`Open the asset ${row.name}`}
          >
            Open
          </AnchorLink>
        </Group>
      )}
    </div>
  )
}
