import type { GateResult, GateVerdict } from '../../../../contract/security/gate.ts'
import { ToneBadge } from '../../../ui/badges.tsx'
import type { IconName } from '../../../ui/icon.tsx'
import { count, formatNumber, type Tone } from '../../../ui/words.ts'

const verdicts: Record<GateVerdict, { label: string; tone: Tone; icon: IconName }> = {
  passed: { label: 'Passed', tone: 'good', icon: 'check' },
  warning: { label: 'Warning', tone: 'warn', icon: 'alert' },
  failed: { label: 'Failed', tone: 'bad', icon: 'close' },
  could_not_decide: { label: 'Could not decide', tone: 'notification', icon: 'info' },
}

export function GateBadge({ verdict }: { readonly verdict: GateVerdict }) {
  const { label, tone, icon } = verdicts[verdict]
  return (
    <ToneBadge tone={tone} icon={icon}>
      {label}
    </ToneBadge>
  )
}

type Check = GateResult['checks'][number]

/** `3 open`, `oldest 41 days`. */
export function usedWords({ limit, actual }: Check): string {
  return limit === 'most_open' ? `${formatNumber(actual)} open` : `oldest ${count(actual, 'day')}`
}

export function limitWords({ limit, most }: Check): string {
  return limit === 'most_open' ? `at most ${formatNumber(most)} open` : `younger than ${count(most, 'day')}`
}
