import type { Delivery } from '../../../../contract/sync/deliveries.ts'
import { ToneBadge } from '../../../ui/badges.tsx'
import type { IconName } from '../../../ui/icon.tsx'
import { type Tone, toWords } from '../../../ui/words.ts'

const stateWords: Record<Delivery['state'], { tone: Tone; icon: IconName }> = {
  received: { tone: 'busy', icon: 'clock' },
  processed: { tone: 'good', icon: 'check' },
  ignored: { tone: 'notification', icon: 'close' },
  queued: { tone: 'busy', icon: 'clock' },
  waiting: { tone: 'warn', icon: 'clock' },
  done: { tone: 'good', icon: 'check' },
  failed: { tone: 'bad', icon: 'alert' },
  cancelled: { tone: 'notification', icon: 'close' },
}

export function DeliveryState({ state }: { readonly state: Delivery['state'] }) {
  const { tone, icon } = stateWords[state]
  return (
    <ToneBadge tone={tone} icon={icon}>
      {toWords(state)}
    </ToneBadge>
  )
}
