import { readDiff } from '../git/diff.ts'
import { mergeBase } from '../git/refs.ts'
import type { Sim } from '../state.ts'
import type { OnPullRequest } from './pull-requests.ts'
import { restrictionsOn } from './restrictions-on.ts'
import { dropVerdicts } from './verdicts.ts'

/** Whether the pull request brings other changes now: a rebase brings the same ones. */
async function changesDiffer(on: OnPullRequest, hashes: { from: string; to: string }): Promise<boolean> {
  const { directory } = on.repository
  const diffOf = async (source: string) => {
    const base = (await mergeBase(directory, source, on.pullRequest.destinationHash)) ?? source
    const diff = await readDiff(directory, { from: base, to: source })
    // Where in the file the change stands is no matter.
    return diff.replaceAll(/^(index|@@) .*$/gm, '')
  }
  return (await diffOf(hashes.from)) !== (await diffOf(hashes.to))
}

/** Takes approvals and requests for changes back after a push, where the destination's restrictions say so. */
export async function resetVerdicts(sim: Sim, on: OnPullRequest, hashes: { from: string; to: string }): Promise<void> {
  const { repository, pullRequest } = on
  const has = (kind: Parameters<typeof restrictionsOn>[2]) =>
    restrictionsOn(repository, pullRequest.destinationBranch, kind).length > 0
  const always = has('reset_pullrequest_approvals_on_change')
  const whenDifferent = has('smart_reset_pullrequest_approvals')
  if (always || (whenDifferent && (await changesDiffer(on, hashes)))) dropVerdicts(sim, on, 'approved')
  if (has('reset_pullrequest_changes_requested_on_change')) dropVerdicts(sim, on, 'changes_requested')
}
