import { Tooltip } from '@mantine/core'
import type { SlaStanding } from '../../contract/security/service-levels.ts'
import type { SlaState } from '../../src/domain/sla/judge-sla.ts'
import classes from './badges.module.css'
import { ToneBadge } from './badges.tsx'
import type { IconName } from './icon.tsx'
import { formatDay, formatRelative, useNow } from './time-ago.tsx'
import { count, type Tone } from './words.ts'

export const slaWords: Record<SlaState, { label: string; tone: Tone; icon: IconName; meaning: string }> = {
  on_track: { label: 'On track', tone: 'good', icon: 'check', meaning: 'Less than three quarters of the time is used' },
  approaching: { label: 'Approaching', tone: 'warn', icon: 'clock', meaning: 'Three quarters of the time are used' },
  breached: { label: 'Breached', tone: 'bad', icon: 'alert', meaning: 'The deadline has passed' },
  resolved: { label: 'Resolved', tone: 'good', icon: 'check', meaning: 'Fixed' },
  not_tracked: { label: 'Not tracked', tone: 'notification', icon: 'info', meaning: 'It has no deadline' },
  not_set: { label: 'Not set', tone: 'notification', icon: 'info', meaning: 'There are no service levels' },
}

const hourMs = 3600_000

/** `Due in 3 days`, `Breached since 2 days`, `Paused`, in a sentence that stands alone. */
export function tellSla(sla: SlaStanding, now: Date): string {
  const { state, due_at: dueAt, is_paused: isPaused } = sla
  switch (state) {
    case 'not_set':
      return 'No deadline: no service levels are set'
    case 'not_tracked':
      return 'No deadline'
    case 'resolved':
      return sla.is_late ? 'Fixed, but after its deadline' : 'Fixed in time'
    case 'breached':
      return dueAt === null ? 'The deadline has passed' : `Was due ${formatRelative(new Date(dueAt), now)}`
    case 'on_track':
    case 'approaching':
      if (isPaused) return 'Paused while the risk is accepted'
      return dueAt === null ? 'Has a deadline' : `Due ${relativeDue(new Date(dueAt), now)}`
    default:
      return state satisfies never
  }
}

/** Nobody is helped by “next week”: days are counted up to two weeks. */
function relativeDue(due: Date, now: Date): string {
  const days = (due.getTime() - now.getTime()) / (24 * hourMs)
  return days >= 1 && days < 14 ? `in ${count(Math.round(days), 'day')}` : formatRelative(due, now)
}

/** State of a deadline in a list; nothing where there is none to speak of. */
export function SlaBadge({ sla }: { readonly sla: SlaStanding }) {
  const now = useNow()
  if (sla.state === 'not_set' || sla.state === 'not_tracked') return null
  const { label, tone, icon } = slaWords[sla.state]
  const isLateFix = sla.state === 'resolved' && sla.is_late
  const day = sla.due_at === null ? '' : ` (${formatDay(sla.due_at)})`
  return (
    <Tooltip label={`${tellSla(sla, now)}${day}`}>
      <span className={classes.holder}>
        <ToneBadge tone={isLateFix ? 'warn' : sla.is_paused ? 'notification' : tone} icon={icon}>
          {isLateFix ? 'Late' : sla.is_paused && sla.state !== 'breached' ? 'Paused' : label}
        </ToneBadge>
      </span>
    </Tooltip>
  )
}
