import type { CountedDeployment, DeploymentVerdict } from '../../../../contract/delivery/deployments.ts'
import type { Tone } from '../../../ui/words.ts'

export const outcomeWords: Record<CountedDeployment['outcome'], { label: string; tone: Tone }> = {
  successful: { label: 'Successful', tone: 'good' },
  failed: { label: 'Failed', tone: 'bad' },
  stopped: { label: 'Stopped', tone: 'notification' },
}

export const causeWords: Record<NonNullable<CountedDeployment['failed_by']>, string> = {
  manual: 'a person said so',
  incident: 'an incident followed',
  rollback: 'it was rolled back',
  hotfix: 'a repair followed soon after',
  deploy_failed: 'it did not succeed itself',
}

export const verdictWords: Record<DeploymentVerdict, { label: string; meaning: string }> = {
  failed: { label: 'It failed', meaning: 'Users had to suffer from this change: it counts as a failed one.' },
  not_failed: { label: 'It did not fail', meaning: 'Whatever followed, this change broke nothing.' },
  rework: { label: 'Only a repair', meaning: 'It was made only to repair what users met: it counts as rework.' },
  planned: { label: 'Planned work', meaning: 'It looks like a repair and is none: it does not count as rework.' },
}

/** What a deployment counts as, in words: one a judgement, none where there is nothing to say. */
export function judgementsOf(row: Pick<CountedDeployment, 'failed_by' | 'is_rework' | 'is_rollback'>) {
  const found: { tone: Tone; label: string; why: string }[] = []
  if (row.failed_by !== null) found.push({ tone: 'bad', label: 'Failed change', why: causeWords[row.failed_by] })
  if (row.is_rework)
    found.push({ tone: 'warn', label: 'Rework', why: row.is_rollback ? 'it went back' : 'it only repaired' })
  else if (row.is_rollback) found.push({ tone: 'calm', label: 'Rollback', why: 'an older commit' })
  return found
}
