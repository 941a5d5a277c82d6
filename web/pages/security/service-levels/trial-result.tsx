import { Button, Group, Text } from '@mantine/core'
import type { ServiceLevelsTrial } from '../../../../contract/security/service-levels.ts'
import { Panel } from '../../../ui/panel.tsx'
import { count, formatNumber } from '../../../ui/words.ts'

type Props = {
  readonly trial: ServiceLevelsTrial
  readonly isRemoval: boolean
  readonly busy: boolean
  readonly onSave: () => void
  readonly onCancel: () => void
}

/** What would happen, before it does. */
export function TrialResult({ trial, isRemoval, busy, onSave, onCancel }: Props) {
  return (
    <Panel title="What would change">
      <div aria-live="polite">
        <Text>{tellMoved(trial, isRemoval)}</Text>
        {!isRemoval && <Text fw={trial.breached_at_once > 0 ? 650 : undefined}>{tellBreached(trial)}</Text>}
        {trial.breached_at_once > 0 && (
          <Text size="sm" c="dimmed">
            Whoever they are assigned to is told, else the champions; more than 20 at once in one notification.
          </Text>
        )}
      </div>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onCancel}>
          Back
        </Button>
        <Button loading={busy} onClick={onSave} {...(isRemoval && { color: 'red' })}>
          {isRemoval ? 'Remove service levels' : 'Save'}
        </Button>
      </Group>
    </Panel>
  )
}

function tellMoved({ open, moved, with_deadline: timed }: ServiceLevelsTrial, isRemoval: boolean): string {
  const all = `Of ${count(open, 'vulnerability', 'vulnerabilities')} that ${open === 1 ? 'is' : 'are'} not fixed`
  if (open === 0) return 'There is nothing that is not fixed: no deadline moves.'
  if (isRemoval) return `${all}, ${formatNumber(moved)} lose their deadline.`
  return `${all}, ${formatNumber(timed)} would have a deadline; ${moved === 0 ? 'none moves' : `${count(moved, 'deadline')} would be new or move`}.`
}

function tellBreached({ breached, breached_at_once: atOnce }: ServiceLevelsTrial): string {
  if (atOnce === 0) return 'None would be breached at once.'
  const all = breached === atOnce ? '' : `, ${formatNumber(breached)} in all`
  return `${count(atOnce, 'deadline')} would be breached at once${all}.`
}
