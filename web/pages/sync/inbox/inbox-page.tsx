import { Button, Group, NativeSelect, SegmentedControl, Stack } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { notificationPages, useReadNotifications } from '../../../api/notifications.ts'
import { LoadMore } from '../../../ui/load-more.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { count } from '../../../ui/words.ts'
import { inboxTopics, kindsOf, topicWords } from './inbox-topics.ts'
import { NotificationLine } from './notification-line.tsx'

const route = getRouteApi('/app/inbox')

export function InboxPage() {
  const { show, about } = route.useSearch()
  const navigate = route.useNavigate()
  const unreadOnly = show === undefined
  const kinds = kindsOf(about)
  const inbox = useInfiniteQuery(notificationPages({ unread: unreadOnly, kinds }))
  const read = useReadNotifications()
  const items = inbox.data?.pages.flatMap((page) => page.items) ?? []
  const unread = inbox.data?.pages[0]?.unread ?? 0
  return (
    <>
      <PageHeader
        title="Inbox"
        lead="What calls you to a vulnerability: a developer's message, a fix to validate, something that came back, a deadline."
        actions={
          <Button
            variant="default"
            disabled={unread === 0}
            loading={read.isPending}
            onClick={() => read.mutate({ body: about === undefined ? {} : { kinds } })}
          >
            {about === undefined ? 'Mark all as read' : 'Mark these as read'}
          </Button>
        }
      />
      <Stack gap="sm">
        <Group gap="xs">
          <SegmentedControl
            aria-label="Which notifications"
            data={[
              { value: 'unread', label: unread === 0 || about !== undefined ? 'Unread' : `Unread (${unread})` },
              { value: 'all', label: 'All' },
            ]}
            value={unreadOnly ? 'unread' : 'all'}
            onChange={(value) =>
              void navigate({ search: (before) => ({ ...before, show: value === 'all' ? 'all' : undefined }) })
            }
          />
          <NativeSelect
            aria-label="What they are about"
            value={about ?? ''}
            onChange={(event) => {
              const chosen = inboxTopics.find((topic) => topic === event.currentTarget.value)
              void navigate({ search: (before) => ({ ...before, about: chosen }) })
            }}
            data={[
              { value: '', label: 'About anything' },
              ...inboxTopics.map((value) => ({ value, label: topicWords[value] })),
            ]}
          />
        </Group>
        {read.isError && <ProblemNote error={read.error} />}
        {inbox.isError && <ProblemNote error={inbox.error} onRetry={() => void inbox.refetch()} />}
        <Panel flush>
          {inbox.isPending && <LoadingRows rows={6} height={48} />}
          {inbox.isSuccess && items.length === 0 && (
            <NothingHere unreadOnly={unreadOnly} narrowed={about !== undefined} />
          )}
          {items.map((item) => (
            <NotificationLine key={item.id} notification={item} />
          ))}
          {items.length > 0 && <LoadMore shown={items.length} one="notification" query={inbox} />}
        </Panel>
        <span aria-live="polite" style={{ position: 'absolute', clipPath: 'inset(50%)' }}>
          {count(unread, 'unread notification')}
        </span>
      </Stack>
    </>
  )
}

function NothingHere({ unreadOnly, narrowed }: { readonly unreadOnly: boolean; readonly narrowed: boolean }) {
  if (narrowed)
    return (
      <EmptyState
        icon="filter"
        title={unreadOnly ? 'Nothing unread about this' : 'Nothing about this yet'}
        text="Look at what is about anything else."
      />
    )
  return unreadOnly ? (
    <EmptyState icon="inbox" title="All read" text="New messages of developers appear here at once." />
  ) : (
    <EmptyState icon="inbox" title="Nothing here yet" text="When a developer answers, you will find it here." />
  )
}
