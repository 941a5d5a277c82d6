import { attributeChanges } from '../../../domain/delivery/deployments/attribute-changes.ts'
import type { SourceRule } from '../../../domain/delivery/deployments/choose-source.ts'
import { type CountedDeployment, countDeployments } from '../../../domain/delivery/deployments/count-deployments.ts'
import { judgeDeployments } from '../../../domain/delivery/deployments/judge-deployments.ts'
import { isCommitName } from '../../../git/commit-graph.ts'
import type { Db } from '../../../store/db.ts'
import {
  findCommit,
  insertDeployedCommits,
  listUndeployedHistory,
} from '../../../store/delivery/deployments/deployed-commits.ts'
import {
  listIncidentFacts,
  listMerges,
  listStoredDeployments,
} from '../../../store/delivery/deployments/deployment-facts.ts'
import { addDeploymentFigures } from '../../../store/delivery/deployments/deployment-figures.ts'
import type { RepositoryKey } from '../../../store/delivery/deployments/deployment-marks.ts'
import { getDeliveryRules } from '../../../store/delivery/deployments/deployment-rules.ts'
import {
  listLastSettled,
  type Settled,
  touchesSettled,
  writeSettled,
} from '../../../store/delivery/deployments/settled-deployments.ts'
import { addDeployedScans, listShortScannedNames } from '../../../store/delivery/remediation/deployed-scans.ts'
import { listClocks, toChanges, toFigureRow, toFigures } from './deployment-rows.ts'
import type { WalkedDeployment } from './walk-deployments.ts'
import { describeDeployments, findEnd, isInForce, toJudgementRules } from './work-out-deployments.ts'

type Extended = { settled: Settled; sources: readonly SourceRule[] }

/**
 * Works out a repository's deployments that came after everything settled: costs what is new, and gives what the whole
 * history would. Answers false where only that can tell; whatever was written until then it replaces.
 */
export async function extendDeployments(
  tx: Db,
  { settled, sources, ...key }: RepositoryKey & Extended,
): Promise<boolean> {
  const rules = await getDeliveryRules(tx, key)
  const later = await listStoredDeployments(tx, { ...key, after: settled.through })
  const told = later.filter((one) => isInForce(one, { rules, sources }))
  const last = await listLastSettled(tx, { ...key, lastSuccessId: settled.lastSuccessId })
  const pipelines = told.flatMap(({ pipeline }) => pipeline ?? [])
  if (await touchesSettled(tx, { ...key, settled, deploymentIds: last.map(({ id }) => id), pipelines })) return false
  const counted = countDeployments(told.map((one) => ({ ...one, commitSha: one.commit })))
  const walked = await walkOn(tx, { ...key, counted, lastCommit: settled.lastCommit })
  const [lastSuccess] = last
  if (walked === undefined || lastSuccess === undefined) return false
  const commits = walked.flatMap(({ newCommits }) => newCommits)
  if (await isShortlyNamed(tx, key, commits)) return false
  const merges = commits.length === 0 ? [] : await listMerges(tx, { ...key, commits })
  // Only merges before the first deployment of all are too early for it.
  const { changes } = attributeChanges({ deployments: walked, pullRequests: merges, preHistoryDays: Infinity })
  const ids = new Set([...last, ...counted].map(({ id }) => id))
  const of = { deploymentIds: [...ids], since: lastSuccess.completedAt }
  const incidents = await listIncidentFacts(tx, { ...key, of })
  // It names a telling, an older deployment or one that counts nowhere.
  if (incidents.some(({ deploymentId }) => deploymentId !== null && !ids.has(deploymentId))) return false
  const judged = judgeDeployments({
    deployments: [
      ...last.map((one) => ({ ...one, repairs: 0, markedFailed: null, markedRework: null })),
      ...describeDeployments({ counted, walked, changes, merges, told, rules }),
    ],
    incidents,
    rules: toJudgementRules(rules),
  })
  const figures = [
    ...last.map((one) => toFigureRow(key, { ...one, judgement: judged.find(({ id }) => id === one.id) })),
    ...toFigures(key, { counted, walked, changes, judged }),
  ]
  const clocks = await listClocks(tx, key, { changes, merges })
  await addDeploymentFigures(tx, { ...key, figures, changes: toChanges(key, { counted, changes, merges, clocks }) })
  await addDeployedScans(tx, key)
  await writeSettled(tx, { ...key, settled: moveEnd(settled, { counted, walked }) })
  return true
}

type New = { counted: readonly CountedDeployment[]; walked: readonly WalkedDeployment[] }

function moveEnd(settled: Settled, { counted, walked }: New): Settled {
  return findEnd(counted, walked) ?? { ...settled, through: counted.at(-1)?.completedAt ?? settled.through }
}

/** What each new success brought; undefined where its commit is unknown or an earlier one than the last. */
async function walkOn(
  tx: Db,
  { counted, lastCommit, ...key }: RepositoryKey & Pick<Settled, 'lastCommit'> & Pick<New, 'counted'>,
): Promise<WalkedDeployment[] | undefined> {
  const walked: WalkedDeployment[] = []
  let former = lastCommit
  for (const { id, completedAt, commitSha, outcome } of counted) {
    if (outcome !== 'successful') continue
    const found =
      commitSha === null || !isCommitName(commitSha) ? undefined : await findCommit(tx, { ...key, name: commitSha })
    // Whether it goes back, and from where, is a question to the whole history.
    if (found === undefined || (found.isDeployed && found.sha !== former)) return undefined
    const own = found.isDeployed ? [] : await listUndeployedHistory(tx, { ...key, sha: found.sha })
    if (own === undefined) return undefined
    const deployed = own.map((sha) => ({ sha, deploymentId: id }))
    await insertDeployedCommits(tx, key, deployed)
    walked.push({ id, completedAt, commit: found.sha, newMerges: new Set(own), newCommits: own, isRollback: false })
    former = found.sha
  }
  return walked
}

/** Whether a scan told one of these commits by a shorter name. */
async function isShortlyNamed(tx: Db, key: RepositoryKey, commits: readonly string[]): Promise<boolean> {
  if (commits.length === 0) return false
  const names = await listShortScannedNames(tx, key)
  return names.some((name) => commits.some((sha) => sha.startsWith(name)))
}
