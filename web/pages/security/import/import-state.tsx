import type { ReportImport } from '../../../../contract/security/imports.ts'
import { ToneBadge } from '../../../ui/badges.tsx'
import type { IconName } from '../../../ui/icon.tsx'
import type { Tone } from '../../../ui/words.ts'

export const stateWords: Record<ReportImport['state'], { label: string; tone: Tone; icon: IconName }> = {
  running: { label: 'Running', tone: 'busy', icon: 'clock' },
  previewed: { label: 'Preview', tone: 'busy', icon: 'search' },
  held: { label: 'Held back', tone: 'warn', icon: 'lock' },
  applied: { label: 'Applied', tone: 'good', icon: 'check' },
  unchanged: { label: 'No change', tone: 'notification', icon: 'check' },
  undone: { label: 'Undone', tone: 'notification', icon: 'undo' },
  failed: { label: 'Failed', tone: 'bad', icon: 'alert' },
  discarded: { label: 'Discarded', tone: 'notification', icon: 'trash' },
}

export function ImportStateBadge({ state }: { readonly state: ReportImport['state'] }) {
  const { label, tone, icon } = stateWords[state]
  return (
    <ToneBadge tone={tone} icon={icon}>
      {label}
    </ToneBadge>
  )
}
