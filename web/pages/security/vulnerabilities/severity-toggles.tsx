import { UnstyledButton } from '@mantine/core'
import { type Severity, severities } from '../../../../src/domain/severity.ts'
import { SeverityMark } from '../../../ui/badges.tsx'
import { severityWords } from '../../../ui/words.ts'
import { facetAmount } from './facet-amount.ts'
import classes from './severity-toggles.module.css'

type SeverityTogglesProps = {
  readonly chosen: readonly Severity[]
  /** Unknown while loading and after a failure: that is not zero. */
  readonly counts: Record<string, number> | undefined
  readonly isExact: boolean
  readonly onChange: (severities: Severity[]) => void
}

/** The five severities with their counts; each is a switch of the filter. */
export function SeverityToggles({ chosen, counts, isExact, onChange }: SeverityTogglesProps) {
  const toggle = (severity: Severity) =>
    onChange(severities.filter((item) => (item === severity ? !chosen.includes(item) : chosen.includes(item))))
  return (
    <fieldset className={classes.group} aria-label="Severity">
      {severities.map((severity) => {
        const amount = counts === undefined ? undefined : (counts[severity] ?? 0)
        return (
          <UnstyledButton
            key={severity}
            className={classes.toggle}
            aria-pressed={chosen.includes(severity)}
            data-none={(amount === 0 && isExact) || undefined}
            onClick={() => toggle(severity)}
          >
            <SeverityMark severity={severity} />
            <span>{severityWords[severity]}</span>
            <span className={classes.amount}>{facetAmount(amount, isExact)}</span>
          </UnstyledButton>
        )
      })}
    </fieldset>
  )
}
