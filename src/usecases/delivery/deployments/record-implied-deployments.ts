import { needsPattern, type SourceRule } from '../../../domain/delivery/deployments/choose-source.ts'
import type { Db } from '../../../store/db.ts'
import type { RepositoryKey } from '../../../store/delivery/deployments/deployment-marks.ts'
import {
  ensureImpliedEnvironment,
  recordMergesAsDeployments,
  recordPipelinesAsDeployments,
  recordTagsAsDeployments,
} from '../../../store/delivery/deployments/implied-deployments.ts'

const record = {
  merge: recordMergesAsDeployments,
  tag: recordTagsAsDeployments,
  pipeline: recordPipelinesAsDeployments,
} as const

/**
 * Writes down the deployments that merges, tags or pipelines stand for, where a source says that they do; with `after`, of
 * what came in a later second. Repeating changes nothing.
 */
export async function recordImpliedDeployments(
  tx: Db,
  { sources, after, ...key }: RepositoryKey & { sources: readonly SourceRule[]; after: number | undefined },
): Promise<void> {
  // The organization's too: it counts until the first of the repository's own.
  for (const { kind, pattern } of sources) {
    if (pattern === null || !needsPattern(kind)) continue
    const environmentId = await ensureImpliedEnvironment(tx, key)
    await record[kind](tx, { ...key, environmentId, like: toLike(pattern), after })
  }
}

/** `release/*` → `release/%`, with what `like` would read itself escaped. */
function toLike(pattern: string): string {
  return pattern.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`).replaceAll('*', '%')
}
