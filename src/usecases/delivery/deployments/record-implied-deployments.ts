import type { SourceRule } from '../../../domain/delivery/deployments/choose-source.ts'
import type { Db } from '../../../store/db.ts'
import type { RepositoryKey } from '../../../store/delivery/deployments/deployment-marks.ts'
import {
  ensureImpliedEnvironment,
  recordMergesAsDeployments,
  recordPipelinesAsDeployments,
} from '../../../store/delivery/deployments/implied-deployments.ts'

/** Writes down the deployments that merges or pipelines stand for, where a source says that they do. Repeating changes nothing. */
export async function recordImpliedDeployments(
  tx: Db,
  { sources, ...key }: RepositoryKey & { sources: readonly SourceRule[] },
): Promise<void> {
  // The organization's too: it counts until the first of the repository's own.
  for (const { kind, pattern } of sources) {
    if (pattern === null || (kind !== 'merge' && kind !== 'pipeline')) continue
    const implied = { ...key, environmentId: await ensureImpliedEnvironment(tx, key), like: toLike(pattern) }
    if (kind === 'merge') await recordMergesAsDeployments(tx, implied)
    else await recordPipelinesAsDeployments(tx, implied)
  }
}

/** `release/*` → `release/%`, with what `like` would read itself escaped. */
function toLike(pattern: string): string {
  return pattern.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`).replaceAll('*', '%')
}
