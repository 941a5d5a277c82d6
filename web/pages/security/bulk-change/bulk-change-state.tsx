import type { BulkChange } from '../../../../contract/security/bulk-changes.ts'
import { ToneBadge } from '../../../ui/badges.tsx'
import type { Tone } from '../../../ui/words.ts'

const stateWords: Record<BulkChange['state'], { label: string; tone: Tone }> = {
  running: { label: 'Running', tone: 'busy' },
  done: { label: 'Done', tone: 'good' },
  cancelled: { label: 'Stopped', tone: 'warn' },
}

export function BulkChangeState({ change }: { readonly change: BulkChange }) {
  const { label, tone } = stateWords[change.state]
  return <ToneBadge tone={tone}>{change.undone_by === null ? label : 'Taken back'}</ToneBadge>
}
