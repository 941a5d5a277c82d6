import type { ReportImport } from '../../contract/security/imports.ts'

const rows = [
  ['new', 'seen for the first time'],
  ['merged', 'known already from another scanner'],
  ['kept', 'known already'],
  ['reopened', 'back again'],
  ['closed', 'no longer in the report'],
  ['suppressed', 'suppressed in the report'],
  ['known', 'stands in the target of the pull request already'],
  ['skipped', 'no finding (passed checks and the like)'],
  ['sent', 'queued for a tracker by a policy'],
] as const

/** An import in words and a table of its counts. */
export function describeImport(done: ReportImport, { isDryRun }: { isDryRun: boolean }): string[] {
  const tool = [done.tool, done.tool_version].filter((text) => text !== null).join(' ')
  const width = Math.max(...rows.map(([name]) => done.counts[name].toString().length))
  return [
    `${done.file_name} (${tool}): ${done.counts.results} results for ${done.asset.key}, branch ${done.branch}${describeTarget(done)}`,
    ...rows.map(
      ([name, meaning]) => `  ${name.padEnd(10)} ${done.counts[name].toString().padStart(width)}  ${meaning}`,
    ),
    ...done.unread.map((sentence) => `  note: ${sentence}`),
    isDryRun ? describeDryRun(done) : describeState(done),
  ]
}

function describeTarget({ target_branch: target, pull_request_id: number }: ReportImport): string {
  if (target === null) return ''
  return number === null ? ` against ${target}` : `, pull request ${number} against ${target}`
}

function describeDryRun({ state, reason }: ReportImport): string {
  const [would, why] = [state === 'unchanged' ? 'There would be nothing to do.' : '', reason ?? '']
  return ['Dry run: nothing was changed or kept.', would, why].filter((text) => text !== '').join(' ')
}

function describeState(done: ReportImport): string {
  const reason = done.reason === null ? '' : ` ${done.reason}`
  switch (done.state) {
    case 'applied':
      return `Applied.${reason}`
    case 'unchanged':
      return `Nothing to do.${reason}`
    case 'previewed':
      return `Preview only; nothing was changed. Apply or discard it under Imports.${reason}`
    case 'held':
      return `Held back.${reason}`
    case 'running':
      return `It is still being imported.${reason}`
    case 'undone':
    case 'failed':
    case 'discarded':
      return `The import is ${done.state}.${reason}`
  }
}
