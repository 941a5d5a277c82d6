import type { Clock } from '../../../lib/clock.ts'
import type { ImportLogLine } from '../../../store/security/import-log.ts'
import type { StoredProgress } from '../../../store/security/import-progress.ts'

type Stage = StoredProgress & { startedAt: Date; startedAtMs: number; endedAtMs: number | null }

export type StageTimes = {
  follow: (progress: StoredProgress) => void
  /** A line a stage so far; the one that goes on is as long as it took until now. */
  toLines: () => ImportLogLine[]
}

/** Notes when each stage of an import began, how long it took and how much it went through. */
export function createStageTimes(clock: Clock, first: StoredProgress): StageTimes {
  const stages: Stage[] = []
  const begin = (progress: StoredProgress): void => {
    stages.push({ ...progress, startedAt: clock(), startedAtMs: performance.now(), endedAtMs: null })
  }
  begin(first)
  return {
    follow: (progress) => {
      const last = stages.at(-1)
      if (last?.stage === progress.stage) return void Object.assign(last, progress)
      if (last !== undefined) last.endedAtMs = performance.now()
      begin(progress)
    },
    toLines: () => stages.map(toLine),
  }
}

function toLine({ stage, startedAt, startedAtMs, endedAtMs, bytesRead, findingsRead }: Stage): ImportLogLine {
  return {
    kind: stage,
    at: startedAt,
    actor: null,
    durationMs: Math.round((endedAtMs ?? performance.now()) - startedAtMs),
    bytes: stage === 'comparing' || bytesRead === 0 ? null : bytesRead,
    findings: stage === 'receiving' ? null : findingsRead,
    detail: null,
  }
}
