import { Text } from '@mantine/core'
import type { RouteResponse } from '../../../api/route-types.ts'
import { Icon } from '../../../ui/icon.tsx'
import { PlainLink } from '../../../ui/links.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { slaWords } from '../../../ui/sla.tsx'
import { formatNumber } from '../../../ui/words.ts'
import classes from './deadline-bar.module.css'

type Deadlines = NonNullable<RouteResponse<'getOverview'>['deadlines']>

const states = ['breached', 'approaching', 'on_track'] as const

/** Where what is open stands against its deadlines; each part leads to its vulnerabilities. */
export function DeadlineBar({ deadlines }: { readonly deadlines: Deadlines }) {
  const total = states.reduce((sum, state) => sum + deadlines[state], 0)
  return (
    <Panel title="Deadlines" lead="Of what is open, by your service levels">
      {total === 0 ? (
        <Text c="dimmed">Nothing that is open has a deadline.</Text>
      ) : (
        <>
          <div className={classes.bar} aria-hidden="true">
            {states.map((state) => (
              <span
                key={state}
                style={{ flexGrow: deadlines[state], background: `var(--${slaWords[state].tone}-fg)` }}
                hidden={deadlines[state] === 0}
              />
            ))}
          </div>
          <ul className={classes.list}>
            {states.map((state) => (
              <li key={state}>
                <PlainLink to="/vulnerabilities" search={{ sla: [state] }} className={classes.line ?? ''}>
                  <span className={classes.mark} style={{ color: `var(--${slaWords[state].tone}-fg)` }}>
                    <Icon name={slaWords[state].icon} size={16} />
                  </span>
                  <span className={classes.name}>{slaWords[state].label}</span>
                  <span className={classes.number}>{formatNumber(deadlines[state])}</span>
                </PlainLink>
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  )
}
