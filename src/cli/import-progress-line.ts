import type { ImportProgress } from '../../contract/security/imports.ts'
import type { Terminal } from './command.ts'

const stages: Record<ImportProgress['stage'], string> = {
  receiving: 'Sending',
  reading: 'Reading',
  comparing: 'Comparing',
  writing: 'Writing',
}

/** Often enough for a line that moves. */
const showEveryMs = 100

/** Shows how far an import is, where somebody watches; undefined where nobody does. */
export function watchProgress({
  showProgress,
}: Terminal): { show: (progress: ImportProgress) => void; end: () => void } | undefined {
  if (showProgress === undefined) return undefined
  let shownAtMs = Number.NEGATIVE_INFINITY
  let stage = ''
  return {
    show: (progress) => {
      const nowMs = performance.now()
      if (progress.stage === stage && nowMs - shownAtMs < showEveryMs) return
      stage = progress.stage
      shownAtMs = nowMs
      showProgress(describeProgress(progress))
    },
    end: () => showProgress(''),
  }
}

/** `Reading: 4.1 of 8.2 MB, 1200 findings` */
export function describeProgress({ stage, bytes_read, bytes_total, findings_read }: ImportProgress): string {
  const parts = [
    stage === 'comparing' || bytes_total === null ? '' : `${megabytes(bytes_read)} of ${megabytes(bytes_total)} MB`,
    findings_read === 0 ? '' : `${findings_read} findings`,
  ].filter((part) => part !== '')
  return parts.length === 0 ? stages[stage] : `${stages[stage]}: ${parts.join(', ')}`
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1)
}
