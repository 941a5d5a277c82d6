import { List, Stack, Text } from '@mantine/core'
import {
  assetWeights,
  riskScoreVersion,
  severityWeights,
  surcharges,
} from '../../../../src/domain/risk-score/weights.ts'
import { severities } from '../../../../src/domain/severity.ts'
import { PageHeader } from '../../../ui/page-header.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { severityWords } from '../../../ui/words.ts'
import classes from './risk.module.css'

const { businessImpact, epss, overdue } = surcharges
const added: readonly (readonly [string, number])[] = [
  ['Known to be exploited (CISA KEV)', surcharges.knownExploited],
  ...epss.map(({ from, share }) => [`Else an EPSS probability of ${from * 100} % or more`, share] as const),
  ['The asset faces the internet', surcharges.internet],
  ['The asset has sensitive data', surcharges.sensitiveData],
  ['Business impact of the asset high', businessImpact.high],
  ['Business impact of the asset medium', businessImpact.medium],
  ...overdue.map(({ from, share }) => [`${from} or more days past its deadline`, share] as const),
]

/** How a risk score is worked out, with the very weights the server counts by. */
export function FormulaPage() {
  return (
    <>
      <PageHeader
        title="How the risk score is worked out"
        lead={`Version ${riskScoreVersion} of the formula. Scores of different versions are not compared.`}
      />
      <Stack>
        <Panel
          title="What one vulnerability weighs"
          lead="Only what is open on the default branch of its asset counts."
        >
          <Stack>
            <Rows
              head={['Severity', 'Weight', 'Ceiling']}
              rows={severities.map((severity) => [
                severityWords[severity],
                severityWeights[severity].weight,
                severityWeights[severity].ceiling,
              ])}
            />
            <Text>To the weight are added, as shares of it:</Text>
            <Rows head={['Added', 'Share']} rows={added.map(([name, share]) => [name, `${share * 100} %`])} />
          </Stack>
        </Panel>
        <Panel title="How weights add up">
          <Stack>
            <Text maw={680}>
              From low to critical: what the lesser severities amount to is added to the weights x of the next, and
              together they amount to ceiling × (1 − e^(−x / ceiling)). What critical and all lesser ones amount to is
              the score, 0 to 100 points.
            </Text>
            <List size="sm">
              <List.Item>
                Each further vulnerability adds less than the one before, and none lowers the score.
              </List.Item>
              <List.Item>
                Each step scales all that went into it alike; so every point belongs to a vulnerability and to a reason.
              </List.Item>
              <List.Item>Points are rounded so that they add up to the score that is shown.</List.Item>
            </List>
          </Stack>
        </Panel>
        <Panel title="Of the organization">
          <Text maw={680}>
            {`The mean of its assets’ scores, weighted by business impact: high ${assetWeights.high}, medium ${assetWeights.medium}, low ${assetWeights.low}. An asset whose default branch nothing was imported for is left out and counted apart: nobody knows, which is not 0.`}
          </Text>
        </Panel>
      </Stack>
    </>
  )
}

type RowsProps = { readonly head: readonly string[]; readonly rows: readonly (readonly (string | number)[])[] }

function Rows({ head, rows }: RowsProps) {
  return (
    <table className={classes.formula}>
      <thead>
        <tr>
          {head.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, ...values]) => (
          <tr key={name}>
            <th scope="row" style={{ fontWeight: 450 }}>
              {name}
            </th>
            {values.map((value, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- the columns of a table stay where they are
              <td key={index}>{value}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
