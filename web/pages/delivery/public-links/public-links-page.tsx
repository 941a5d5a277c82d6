import { Button, Stack, Switch, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { PublicLink } from '../../../../contract/delivery/public-links.ts'
import { publicLinksQuery, useRevokePublicLink, useUpdatePublicLinkSettings } from '../../../api/public-links.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, FormProblem, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { count } from '../../../ui/words.ts'
import { groupWords } from '../analytics/group-words.ts'
import { NewLinkDialog } from './new-link-dialog.tsx'

/** Links that show a view of the analytics to whoever has them. */
export function PublicLinksPage() {
  const [opened, dialog] = useDisclosure(false)
  const list = useQuery(publicLinksQuery)
  const isOn = list.data?.is_on === true
  return (
    <>
      <Panel
        title="Public links"
        lead="A link shows one view of the analytics without a login: its figures, filters and period as you choose them now, never the name of a person. Whoever has the link can read it until it ends."
        actions={
          isOn && (
            <Button leftSection={<Icon name="plus" size={15} />} onClick={dialog.open}>
              New link
            </Button>
          )
        }
      >
        {list.isPending && <LoadingRows rows={3} height={44} />}
        {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
        {list.data !== undefined && (
          <Stack>
            <OnOff isOn={isOn} />
            <Links isOn={isOn} links={list.data.items} />
          </Stack>
        )}
      </Panel>
      <NewLinkDialog opened={opened} onClose={dialog.close} />
    </>
  )
}

function OnOff({ isOn }: { readonly isOn: boolean }) {
  const change = useUpdatePublicLinkSettings()
  return (
    <Stack gap={4}>
      <Switch
        checked={isOn}
        disabled={change.isPending}
        label="Public links answer"
        description="Off, none can be made and none shows anything."
        onChange={(event) => change.mutate({ body: { is_on: event.currentTarget.checked } })}
      />
      <FormProblem error={change.error} />
    </Stack>
  )
}

function Links({ isOn, links }: { readonly isOn: boolean; readonly links: readonly PublicLink[] }) {
  if (links.length > 0)
    return <DataTable caption="Public links" columns={columns} rows={links} rowKey={({ id }) => id} />
  return (
    <EmptyState
      icon="link"
      title="No links"
      text={isOn ? 'Make one for those who have no login here.' : 'Turn public links on to make the first one.'}
    />
  )
}

const columns: Column<PublicLink>[] = [
  {
    key: 'name',
    header: 'Link',
    lead: true,
    cell: (link) => (
      <>
        <Text fw={600} className="break">
          {link.name}
        </Text>
        <Text size="xs" c="dimmed" className="break">
          {describeView(link)}, by {link.created_by}
        </Text>
      </>
    ),
  },
  { key: 'ends', header: 'Ends', label: 'Ends', width: '140px', cell: (link) => <LinkEnd link={link} /> },
  {
    key: 'opened',
    header: 'Last opened',
    label: 'Last opened',
    width: '140px',
    cell: ({ last_opened_at: at }) => (at === null ? <Text c="dimmed">Never</Text> : <TimeAgo at={at} />),
  },
  { key: 'action', header: 'Action', width: '100px', cell: (link) => <RevokeButton link={link} /> },
]

function LinkEnd({ link }: { readonly link: PublicLink }) {
  return link.revoked_at === null ? <TimeAgo at={link.expires_at} /> : <Text c="dimmed">Revoked</Text>
}

/** The days of a fixed period, as the zone of whoever made the link has them. */
function rangeWords({ from, to, time_zone: timeZone }: Pick<PublicLink, 'from' | 'to' | 'time_zone'>): string {
  if (from === null || to === null) return 'a fixed period'
  const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone })
  return `${day.format(new Date(from))} to ${day.format(new Date(Date.parse(to) - 1))}`
}

function describeView({
  group,
  days,
  repository_ids: repositories,
  branches,
  team_ids: teams,
  labels,
  hours,
  shows_titles: showsTitles,
  ...range
}: PublicLink): string {
  const parts = [groupWords[group], days === null ? rangeWords(range) : `last ${days} days`]
  if (repositories.length > 0) parts.push(count(repositories.length, 'repository', 'repositories'))
  if (teams.length > 0) parts.push(count(teams.length, 'team'))
  if (branches.length > 0) parts.push(`into ${branches.join(', ')}`)
  if (labels.length > 0) parts.push(`labelled ${labels.join(', ')}`)
  if (hours === 'business') parts.push('in team hours')
  if (showsTitles) parts.push('with titles')
  return parts.join(', ')
}

function RevokeButton({ link }: { readonly link: PublicLink }) {
  const [opened, dialog] = useDisclosure(false)
  const revoke = useRevokePublicLink()
  if (link.revoked_at !== null) return null
  return (
    <>
      <Button size="compact-xs" variant="default" onClick={dialog.open} aria-label={`Revoke the link ${link.name}`}>
        Revoke
      </Button>
      <ConfirmDialog
        opened={opened}
        onClose={dialog.close}
        title={`Revoke “${link.name}”?`}
        text="It shows nothing from now on. This cannot be undone."
        confirm="Revoke the link"
        danger
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoke.mutate({ params: { id: link.id } }, { onSuccess: dialog.close })}
      />
    </>
  )
}
