import { Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Severity } from '../../src/domain/severity.ts'
import type { Status } from '../../src/domain/status.ts'
import classes from './badges.module.css'
import { Icon, type IconName } from './icon.tsx'
import { severityWords, statusWords, type Tone } from './words.ts'

/** One shape a severity, so that colour never speaks alone. */
const severityShapes: Record<Severity, string> = {
  critical: 'M4.1 1h3.800L11 4.100v3.800L7.9 11H4.100L1 7.900V4.100z',
  high: 'M6 1.2 11.2 10.500H.8z',
  medium: 'M6 .8 11.2 6 6 11.2.8 6z',
  low: 'M6 10.8.8 1.500h10.400z',
  notification: 'M6 1.500a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9',
}

export function SeverityMark({ severity, size = 11 }: { readonly severity: Severity; readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 12 12" aria-hidden="true" style={{ flexShrink: 0 }}>
      <path d={severityShapes[severity]} fill={`var(--${severity}-mark)`} />
    </svg>
  )
}

export function SeverityBadge({ severity }: { readonly severity: Severity }) {
  return (
    <span className={classes.badge} style={{ background: `var(--${severity}-bg)`, color: `var(--${severity}-fg)` }}>
      <SeverityMark severity={severity} />
      {severityWords[severity]}
    </span>
  )
}

type ToneBadgeProps = { readonly tone: Tone; readonly icon?: IconName; readonly children: ReactNode }

export function ToneBadge({ tone, icon, children }: ToneBadgeProps) {
  return (
    <span className={classes.badge} style={{ background: `var(--${tone}-bg)`, color: `var(--${tone}-fg)` }}>
      {icon !== undefined && <Icon name={icon} size={13} />}
      {children}
    </span>
  )
}

/** In the catalogue of vulnerabilities that are exploited somewhere, not only in theory. */
export function ExploitedBadge({ short = false }: { readonly short?: boolean }) {
  return (
    <Tooltip label="In CISA’s catalogue of known exploited vulnerabilities">
      <span className={classes.holder}>
        <ToneBadge tone="bad" icon="alert">
          {short ? 'Exploited' : 'Known to be exploited'}
        </ToneBadge>
      </span>
    </Tooltip>
  )
}

const statusIcons: Partial<Record<Status, IconName>> = {
  awaiting_validation: 'clock',
  fixed: 'check',
  risk_accepted: 'lock',
  false_positive: 'close',
}

export function StatusBadge({ status }: { readonly status: Status }) {
  const { label, tone, meaning } = statusWords[status]
  const icon = statusIcons[status]
  return (
    <Tooltip label={meaning}>
      <span className={classes.holder}>
        <ToneBadge tone={tone} {...(icon !== undefined && { icon })}>
          {label}
        </ToneBadge>
      </span>
    </Tooltip>
  )
}

/** Number of unread things; nothing at all for zero. */
export function UnreadBadge({ amount, what }: { readonly amount: number; readonly what: string }) {
  if (amount === 0) return null
  return (
    <span className={classes.unread}>
      <span aria-hidden="true">{amount > 99 ? '99+' : amount}</span>
      <span className={classes.hidden}>{`${amount} unread ${what}`}</span>
    </span>
  )
}
