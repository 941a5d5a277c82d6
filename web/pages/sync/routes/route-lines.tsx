import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { TrackerRoute } from '../../../../contract/sync/tracker-routes.ts'
import { useDeleteTrackerRoute } from '../../../api/tracker-routes.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { describeRoute } from './route-dialog.tsx'
import classes from './routes-page.module.css'

type RouteLineProps = { readonly route: TrackerRoute; readonly mayWrite: boolean; readonly onEdit: () => void }

export function RouteLine({ route, mayWrite, onEdit }: RouteLineProps) {
  const place = describeRoute(route)
  const title = route.asset === null ? 'Default' : place
  return (
    <article className={classes.line} aria-label={title}>
      <Stack gap={4} className={classes.text ?? ''}>
        <Title order={2} className="break">
          {title}
        </Title>
        <Text c="dimmed" className="break">
          {`${route.tracker_title}${route.connection === null ? '' : `, ${route.connection.name}`} · changed `}
          <TimeAgo at={route.updated_at} />
        </Text>
        {route.notes.map((note) => (
          <Text key={note} size="sm" c="var(--warn-fg)" className="break">
            {note}
          </Text>
        ))}
      </Stack>
      {mayWrite && (
        <Group gap="sm">
          <Button variant="default" size="compact-sm" onClick={onEdit} aria-label={`Edit the route of ${place}`}>
            Edit
          </Button>
          <RemoveButton route={route} place={place} />
        </Group>
      )}
    </article>
  )
}

const afterwards = (route: TrackerRoute) => {
  if (route.asset === null) return 'Assets without a route of their own then go to what their repository has.'
  if (route.branch !== null) return `${route.branch} then goes where ${route.asset.name} goes.`
  return `${route.asset.name} then goes by the default route, or to what its repository has.`
}

function RemoveButton({ route, place }: { readonly route: TrackerRoute; readonly place: string }) {
  const [opened, dialog] = useDisclosure(false)
  const remove = useDeleteTrackerRoute()
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={dialog.open} aria-label={`Remove the route of ${place}`}>
        Remove
      </Button>
      <ConfirmDialog
        opened={opened}
        onClose={dialog.close}
        title={`Remove the route of ${place}?`}
        text={`What was sent by it stays where it is. ${afterwards(route)}`}
        confirm="Remove the route"
        danger
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ params: { id: route.id } }, { onSuccess: dialog.close })}
      />
    </>
  )
}
