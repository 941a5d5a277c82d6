import type { Connection } from '../../../../contract/remotes/connections.ts'
import { ToneBadge } from '../../../ui/badges.tsx'
import type { IconName } from '../../../ui/icon.tsx'
import type { Tone } from '../../../ui/words.ts'

const stateWords: Record<Connection['state'], { label: string; tone: Tone; icon: IconName }> = {
  active: { label: 'Working', tone: 'good', icon: 'check' },
  limited: { label: 'Limited', tone: 'warn', icon: 'alert' },
  unauthorized: { label: 'Credential refused', tone: 'bad', icon: 'lock' },
  unreachable: { label: 'Not reachable', tone: 'bad', icon: 'alert' },
  disconnected: { label: 'Disconnected', tone: 'notification', icon: 'close' },
}

export function ConnectionState({ state }: { readonly state: Connection['state'] }) {
  const { label, tone, icon } = stateWords[state]
  return (
    <ToneBadge tone={tone} icon={icon}>
      {label}
    </ToneBadge>
  )
}
