import type { Pipeline } from '../model/pipelines.ts'
import type { Repository } from '../model.ts'
import { resultsUrl } from '../render/pipeline.ts'
import type { Sim } from '../state.ts'
import { putStatus } from './statuses.ts'

/** The real one's keys of build statuses: Java's hash of the branch, as recordings show. */
export function statusKey(name: string): string {
  let hash = 0
  for (let index = 0; index < name.length; index += 1) hash = (Math.imul(hash, 31) + name.charCodeAt(index)) | 0
  return String(hash)
}

/** How a pipeline's build status is called and what it is tied to. */
export function statusOf(pipeline: Pipeline): { key: string; name: string; refname: string | null; state: string } {
  const { target, state, buildNumber } = pipeline
  const ending = state.name === 'COMPLETED' ? state.result : undefined
  const end = ending === 'SUCCESSFUL' || ending === 'STOPPED' ? ending : ending === undefined ? 'INPROGRESS' : 'FAILED'
  switch (target.kind) {
    case 'ref':
      return {
        key: statusKey(target.refName),
        name: `Pipeline #${buildNumber} for ${target.refName}`,
        refname: target.refName,
        state: end,
      }
    case 'pull_request':
      return {
        key: statusKey(`pullrequest-${target.pullRequestId}`),
        name: `Pipeline #${buildNumber} for ${target.source} (pull request #${target.pullRequestId})`,
        refname: target.source,
        state: end,
      }
    case 'commit':
      return {
        key: statusKey(target.hash),
        name: `Pipeline #${buildNumber} for ${target.hash.slice(0, 7)}`,
        refname: null,
        state: end,
      }
    default:
      return target satisfies never
  }
}

/** Writes a pipeline's state on its commit, with the webhook. */
export async function reportStatus(sim: Sim, repository: Repository, pipeline: Pipeline): Promise<void> {
  await putStatus(
    sim,
    { repository, actor: pipeline.creator },
    { hash: pipeline.target.hash, url: resultsUrl(sim, repository, pipeline), description: '', ...statusOf(pipeline) },
  )
}
