import { TextInput } from '@mantine/core'
import type { SlaSettings } from '../../../../contract/security/service-levels.ts'
import { businessImpacts } from '../../../../src/domain/business-impact.ts'
import { severities } from '../../../../src/domain/severity.ts'
import { SeverityBadge } from '../../../ui/badges.tsx'
import { severityWords, toWords } from '../../../ui/words.ts'
import classes from './levels-table.module.css'
import { levelName } from './read-settings.ts'

/** Days by severity and business impact. */
export function LevelsTable({ table }: { readonly table: SlaSettings['levels'] }) {
  return (
    <table className={classes.table}>
      <caption className={classes.caption}>Days to mend, by severity and business impact of the asset</caption>
      <thead>
        <tr>
          <th scope="col">Severity</th>
          {businessImpacts.map((impact) => (
            <th key={impact} scope="col">
              {toWords(impact)}
              <span className={classes.unit}>impact</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {severities.map((severity) => (
          <tr key={severity}>
            <th scope="row">
              <SeverityBadge severity={severity} />
            </th>
            {businessImpacts.map((impact) => (
              <td key={impact}>
                <TextInput
                  type="number"
                  name={levelName(severity, impact)}
                  aria-label={`Days for ${severityWords[severity].toLowerCase()} severity, ${impact} impact`}
                  defaultValue={table[severity][impact] ?? ''}
                  placeholder="–"
                  min={1}
                  max={3650}
                  step={1}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
