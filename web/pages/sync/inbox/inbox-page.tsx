import { Button, SegmentedControl, Stack } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { notificationPages, useReadNotifications } from '../../../api/notifications.ts'
import { LoadMore } from '../../../ui/load-more.tsx'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { count } from '../../../ui/words.ts'
import { NotificationLine } from './notification-line.tsx'

const route = getRouteApi('/app/inbox')

export function InboxPage() {
  const { show } = route.useSearch()
  const navigate = route.useNavigate()
  const unreadOnly = show === undefined
  const inbox = useInfiniteQuery(notificationPages(unreadOnly))
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
            onClick={() => read.mutate({ body: {} })}
          >
            Mark all as read
          </Button>
        }
      />
      <Stack gap="sm">
        <SegmentedControl
          style={{ alignSelf: 'flex-start' }}
          aria-label="Which notifications"
          data={[
            { value: 'unread', label: unread === 0 ? 'Unread' : `Unread (${unread})` },
            { value: 'all', label: 'All' },
          ]}
          value={unreadOnly ? 'unread' : 'all'}
          onChange={(value) => void navigate({ search: value === 'all' ? { show: 'all' } : {} })}
        />
        {read.isError && <ProblemNote error={read.error} />}
        {inbox.isError && <ProblemNote error={inbox.error} onRetry={() => void inbox.refetch()} />}
        <Panel flush>
          {inbox.isPending && <LoadingRows rows={6} height={48} />}
          {inbox.isSuccess && items.length === 0 && <NothingHere unreadOnly={unreadOnly} />}
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

function NothingHere({ unreadOnly }: { readonly unreadOnly: boolean }) {
  return unreadOnly ? (
    <EmptyState icon="inbox" title="All read" text="New messages of developers appear here at once." />
  ) : (
    <EmptyState icon="inbox" title="Nothing here yet" text="When a developer answers, you will find it here." />
  )
}
