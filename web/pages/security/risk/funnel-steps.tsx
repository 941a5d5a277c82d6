import { Title } from '@mantine/core'
import type { RouteResponse } from '../../../api/route-types.ts'
import { PlainLink } from '../../../ui/links.tsx'
import { formatNumber } from '../../../ui/words.ts'
import type { VulnerabilitySearch } from '../vulnerabilities/vulnerability-search.ts'
import classes from './risk.module.css'

type Funnel = RouteResponse<'getRisk'>['funnel']
type Step = { readonly key: keyof Funnel; readonly name: string; readonly search: VulnerabilitySearch }

const highImpact = { business_impact: ['high'] } satisfies VulnerabilitySearch
const internetFacing = { ...highImpact, exposure: 'internet' } satisfies VulnerabilitySearch
const steps: readonly Step[] = [
  { key: 'open', name: 'Open vulnerabilities', search: {} },
  { key: 'high_impact', name: 'of those on assets of high impact', search: highImpact },
  { key: 'internet_facing', name: 'of those facing the internet', search: internetFacing },
  {
    key: 'sensitive_data',
    name: 'of those with sensitive data',
    search: { ...internetFacing, sensitive_data: 'true' },
  },
]

/** Open vulnerabilities, and step by step the ones that matter most; each leads to its list. */
export function FunnelSteps({ funnel }: { readonly funnel: Funnel }) {
  return (
    <div>
      <Title order={3} size="h4" mb={6}>
        Where to look first
      </Title>
      <ol className={classes.funnel}>
        {steps.map(({ key, name, search }) => (
          <li key={key}>
            <PlainLink to="/vulnerabilities" search={search} className={classes.step ?? ''}>
              <span
                className={classes.fill}
                style={{ width: funnel.open === 0 ? 0 : `${(funnel[key] / funnel.open) * 100}%` }}
                aria-hidden="true"
              />
              <span>{name}</span>
              <span className={classes.amount}>{`${formatNumber(funnel[key])} open`}</span>
            </PlainLink>
          </li>
        ))}
      </ol>
    </div>
  )
}
