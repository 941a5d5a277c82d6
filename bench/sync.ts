import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../src/store/db.ts'
import { migrate } from '../src/store/migrate.ts'
import { round2 } from './percentile.ts'
import { measureCommentToScreen, type ScreenMeasures } from './sync/comment-to-screen.ts'
import type { ItemPlaceName } from './sync/least-requests.ts'
import { measureRequestsPerDefect } from './sync/requests-per-defect.ts'
import { measureAcknowledgements } from './webhook.ts'

/** Targets: p99 of a comment below 1,000 ms, of an acknowledgement below 100 ms; ack_ratio 0.7 at least, lost 0, requests 1.2 at most. */
export type SyncMeasures = ScreenMeasures & {
  ack_p99_ms: number
  ack_baseline_p99_ms: number
  ack_ratio: number
  ack_per_s: number
  lost: number
  /** Of the place that spends most above the least. */
  requests_per_defect_ratio: number
} & Record<`requests_per_defect_${ItemPlaceName}`, number> &
  Record<`requests_ratio_${ItemPlaceName}`, number>

const acknowledgements = { rounds: 5, steadyPerS: 500 }
const defects = 25

/** The way of a comment to the champion's screen, how webhooks are acknowledged under load, and requests an item takes in its life. */
export async function benchSync(say: (line: string) => void = () => undefined): Promise<SyncMeasures> {
  const screen = await measureCommentToScreen(say)
  const acks = await measureAcknowledgements({ ...acknowledgements, say })
  const requests = await measureRequests(say)
  return {
    ...screen,
    ack_p99_ms: acks.p99_ms,
    ack_baseline_p99_ms: acks.baseline_p99_ms,
    ack_ratio: acks.ratio,
    ack_per_s: acks.accepted_per_s,
    lost: acks.lost,
    ...requests,
  }
}

type Requests = Omit<SyncMeasures, keyof ScreenMeasures | `ack_${string}` | 'lost'>

async function measureRequests(say: (line: string) => void): Promise<Requests> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-bench-'))
  try {
    const measure = async (place: ItemPlaceName) => {
      const database = await openDatabase({ dataFolder: join(folder, place) }, { poolSize: 8 })
      await migrate(database.pool)
      const spent = await measureRequestsPerDefect(place, { defects, database })
      say(
        `${place}: ${spent.requestsPerDefect.toFixed(2)} requests a defect, the least is ${spent.least.toFixed(2)}: ${spent.ratio.toFixed(2)}`,
      )
      return { each: round2(spent.requestsPerDefect), ratio: round2(spent.ratio) }
    }
    const [thread, commit, issue, jira] = [
      await measure('discussions_pull_request'),
      await measure('discussions_commit'),
      await measure('issues'),
      await measure('jira'),
    ]
    return {
      requests_per_defect_ratio: Math.max(...[thread, commit, issue, jira].map(({ ratio }) => ratio)),
      requests_per_defect_discussions_pull_request: thread.each,
      requests_ratio_discussions_pull_request: thread.ratio,
      requests_per_defect_discussions_commit: commit.each,
      requests_ratio_discussions_commit: commit.ratio,
      requests_per_defect_issues: issue.each,
      requests_ratio_issues: issue.ratio,
      requests_per_defect_jira: jira.each,
      requests_ratio_jira: jira.ratio,
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
