import type { Db } from '../../../store/db.ts'
import { replaceDeployedCommits } from '../../../store/delivery/deployments/deployed-commits.ts'
import { refreshCopies, replaceDeploymentFigures } from '../../../store/delivery/deployments/deployment-figures.ts'
import {
  listRepositoriesToCompute,
  lockDeployments,
  type RepositoryKey,
  takeRepositoryMarks,
} from '../../../store/delivery/deployments/deployment-marks.ts'
import { listDeploymentSources } from '../../../store/delivery/deployments/deployment-rules.ts'
import { findSettled, writeSettled } from '../../../store/delivery/deployments/settled-deployments.ts'
import { replaceDeployedScans } from '../../../store/delivery/remediation/deployed-scans.ts'
import { extendDeployments } from './extend-deployments.ts'
import { recordImpliedDeployments } from './record-implied-deployments.ts'
import { toSourceRule } from './to-source-rule.ts'
import { workOutDeployments } from './work-out-deployments.ts'

/** In one call, so that a worker can always stop soon; the rest waits for the next one. */
const repositoriesAtMost = 50
/** Each takes a connection, and waits for the database most of its time. */
const repositoriesAtOnce = 3

/**
 * Works out anew what the deployments of each repository count as whose facts changed: one repository in a transaction,
 * and of it only what came after everything that is settled, where that can be told. Safe to run twice and in several
 * processes. Answers how many it worked out; one that fails stops none of the others, and is thrown at the end.
 */
export async function computeChangedDeployments(deps: { db: Db }): Promise<number> {
  const waiting = await listRepositoriesToCompute(deps.db, { limit: repositoriesAtMost })
  const failed: unknown[] = []
  let count = 0
  const work = async (): Promise<void> => {
    for (let key = waiting.shift(); key !== undefined; key = waiting.shift()) {
      const one = key
      try {
        if (await deps.db.transaction().execute((tx) => computeRepository(tx, one))) count += 1
      } catch (error) {
        failed.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: repositoriesAtOnce }, work))
  if (failed.length > 0)
    throw new AggregateError(failed, `Deployments of ${failed.length} repositories were not worked out.`)
  return count
}

async function computeRepository(tx: Db, key: RepositoryKey): Promise<boolean> {
  if (!(await lockDeployments(tx, key))) return false
  const settled = await findSettled(tx, key)
  const marks = await takeRepositoryMarks(tx, { ...key, settled: settled?.through })
  if (marks === undefined) return false
  await refreshCopies(tx, { ...key, restated: marks.restated })
  if (marks.isRestatedOnly) return true
  const sources = (await listDeploymentSources(tx, key)).map(toSourceRule)
  const isExtending = marks.isLater && settled !== undefined
  await recordImpliedDeployments(tx, { ...key, sources, after: isExtending ? settled.through : undefined })
  if (!isExtending || !(await extendDeployments(tx, { ...key, settled, sources }))) await computeWhole(tx, key)
  return true
}

async function computeWhole(tx: Db, key: RepositoryKey): Promise<void> {
  const { rows, known } = await workOutDeployments(tx, key)
  await replaceDeploymentFigures(tx, { ...key, ...rows })
  await replaceDeployedCommits(tx, key, known.commits)
  await replaceDeployedScans(tx, { ...key, scans: known.scans })
  await writeSettled(tx, { ...key, settled: known.settled })
}
