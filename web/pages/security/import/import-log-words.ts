import type { ImportLogLine } from '../../../../contract/security/import-log.ts'
import { count, formatBytes } from '../../../ui/words.ts'

const seconds = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 })
const unfinished: Record<'receiving' | 'reading' | 'comparing' | 'writing', string> = {
  receiving: 'Report received',
  reading: 'Report read',
  comparing: 'Compared with what is known',
  writing: 'Written',
}

/** What a line of an import's log says, as a sentence without its end. */
export function logWords({ kind, actor, detail }: ImportLogLine): string {
  const by = actor === null ? '' : ` by ${actor}`
  switch (kind) {
    case 'received':
      return `Import begun${by}: ${detail ?? ''}`
    case 'receiving':
    case 'reading':
    case 'comparing':
    case 'writing':
      return unfinished[kind]
    case 'recognised':
      return `Recognised as ${detail ?? ''}`
    case 'warned':
      return `Warning: ${detail ?? ''}`
    case 'judged':
      return detail === null ? 'The guard has nothing against it' : `The guard doubts it: ${detail}`
    case 'previewed':
      return 'Shown as a preview; nothing changed'
    case 'held':
      return 'Held back for a decision; nothing changed'
    case 'unchanged':
      return 'The same report as before; nothing changed'
    case 'confirmed':
      return `Confirmed${by}${detail === null ? '' : `, against the guard: ${detail}`}`
    case 'applied':
      return `Applied${by}`
    case 'failed':
      return `Failed: ${detail ?? ''}`
    case 'discarded':
      return `Thrown away${by}${detail === null ? '' : `: ${detail}`}`
    case 'undone':
      return `Taken back${by}`
    case 'file_deleted':
      return 'The report was deleted'
    default:
      return kind satisfies never
  }
}

/** How long a stage took and what it went through: `0.8 s · 4.1 MB · 1,200 findings`; nothing of another line. */
export function stageFacts({ duration_seconds: duration, bytes, findings }: ImportLogLine): string {
  return [
    duration === null ? '' : duration < 0.1 ? 'under 0.1 s' : `${seconds.format(duration)} s`,
    bytes === null ? '' : formatBytes(bytes),
    findings === null ? '' : count(findings, 'finding'),
  ]
    .filter((text) => text !== '')
    .join(' · ')
}
