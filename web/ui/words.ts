import type { Severity } from '../../src/domain/severity.ts'
import type { Status } from '../../src/domain/status.ts'

/** How a tone is drawn: colours come from the theme's variables of the same name. */
export type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'calm' | 'notification'

export const severityWords: Record<Severity, string> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  notification: 'Notification',
}

export const statusWords: Record<Status, { label: string; tone: Tone; meaning: string }> = {
  created: { label: 'Created', tone: 'notification', meaning: 'New, nobody has looked at it yet' },
  identified: { label: 'Identified', tone: 'calm', meaning: 'Confirmed, waits for somebody to take it' },
  in_progress: { label: 'In progress', tone: 'busy', meaning: 'A developer is working on it' },
  awaiting_validation: {
    label: 'Awaiting validation',
    tone: 'warn',
    meaning: 'Said to be fixed; a scan or a champion has to confirm',
  },
  fixed: { label: 'Fixed', tone: 'good', meaning: 'A scan no longer finds it' },
  risk_accepted: { label: 'Risk accepted', tone: 'notification', meaning: 'Left as it is until the date agreed' },
  false_positive: { label: 'False positive', tone: 'notification', meaning: 'Not a real problem' },
  suppressed: { label: 'Suppressed', tone: 'notification', meaning: 'Switched off in the code or the report' },
}

const trackerWords: Record<string, string> = {
  'bitbucket-issues': 'Bitbucket issues',
  bitbucket_issues: 'Bitbucket issues',
  'bitbucket-discussions': 'Bitbucket discussions',
  bitbucket_discussions: 'Bitbucket discussions',
}

/** Title of a tracker; one this page does not know is shown by its own name. */
export function trackerTitle(tracker: string): string {
  return trackerWords[tracker] ?? toWords(tracker)
}

/** `create_defect` → `Create defect`, for words the server may add later; a sentence stays as it is. */
export function toWords(term: string): string {
  if (term.includes(' ')) return term
  const text = term.replaceAll(/[_.:-]+/g, ' ').trim()
  return (text.charAt(0).toUpperCase() + text.slice(1)).replace(/^Api\b/, 'API')
}

const plurals = new Intl.PluralRules('en')
const numbers = new Intl.NumberFormat()

/** `1 finding`, `12,400 findings`. */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${numbers.format(amount)} ${plurals.select(amount) === 'one' ? one : many}`
}

export function formatNumber(amount: number): string {
  return numbers.format(amount)
}

/** Bytes in units of 1000, as file managers show them. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const units = ['kB', 'MB', 'GB']
  let value = bytes / 1000
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit] ?? 'GB'}`
}

const knownSteps: Record<string, string> = {
  exact: 'Same rule, same place',
  content: 'Same rule, same content',
  alias: 'Same package, the advisory by its other name',
  nearest: 'Same rule and file, text edited',
  renamed: 'Same content in a renamed file',
  merged: 'Same advisory and package as another scanner found',
  new: 'Not known before',
  not_in_report: 'No longer in the report',
  in_target: 'Reached the target of its pull request, which goes on with it',
}

/** Which rule of identity decided, in words. */
export function stepWords(step: string): string {
  return knownSteps[step] ?? toWords(step)
}

const knownEvents: Record<string, string> = {
  by_hand: 'Written down by hand',
  evidence_added: 'File added',
  evidence_given: 'Files given to the decision',
  evidence_removed: 'File removed',
  found: 'Found',
  merged: 'Found by another scanner too',
  merged_into: 'Merged into another vulnerability',
  merge: 'Another vulnerability was merged into this',
  merge_undone: 'Merge undone',
  split: 'Findings were split off',
  split_off: 'Split off another vulnerability',
  split_undone: 'Split undone',
  status: 'Status changed',
  severity: 'Severity changed',
  title: 'Title changed',
  description: 'Description changed',
  assignee: 'Assignee changed',
  import_undone: 'Import undone',
  bulk_undone: 'Bulk change undone',
  deadline: 'Deadline',
  sent: 'Sent to Bitbucket',
  defect_created: 'Item made in Bitbucket',
  defect_linked: 'Linked to an item',
  defect_unlinked: 'Parted from its item',
  fields_taken: 'Changed in the tracker',
  defect_missing: 'Item no longer found in Bitbucket',
  defect_found_again: 'Item found again in Bitbucket',
  message_written: 'Message written',
  note_written: 'Internal note written',
  sync_conflict: 'Edited on both sides',
  sync_failed: 'Could not be sent to Bitbucket',
  sync_recovered: 'Sent to Bitbucket after all',
}

export function eventWords(kind: string): string {
  return knownEvents[kind] ?? toWords(kind)
}
