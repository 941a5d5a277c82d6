import type { Participant } from '../model.ts'
import { renderAccount } from '../render/account.ts'
import { notFound, SimulatorError } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { assertOpen, type OnPullRequest, participate, raisePullRequestEvent, touch } from './pull-requests.ts'

export type Verdict = 'approved' | 'changes_requested'

const events = {
  approved: { given: 'approved', withdrawn: 'unapproved', key: 'approval' },
  changes_requested: { given: 'changes_request_created', withdrawn: 'changes_request_removed', key: 'changes_request' },
} as const

/** Approves or asks for changes; the one takes the place of the other. Authors may judge their own. */
export function giveVerdict(sim: Sim, on: OnPullRequest, verdict: Verdict): Participant {
  assertOpen(on.pullRequest)
  const date = sim.now()
  const mine = participate(on, date)
  if (mine.state === verdict)
    throw new SimulatorError(
      409,
      `You already ${verdict === 'approved' ? 'approved' : 'requested changes on'} this pull request.`,
    )
  mine.state = verdict
  mine.approved = verdict === 'approved'
  touch(on.pullRequest, date)
  on.pullRequest.activity.push({
    kind: verdict === 'approved' ? 'approval' : 'changes_requested',
    date,
    person: on.actor,
  })
  const { given, key } = events[verdict]
  raisePullRequestEvent(sim, { ...on, event: given, more: { [key]: { date, user: renderAccount(sim, on.actor) } } })
  return mine
}

function withdraw(sim: Sim, on: OnPullRequest, participant: Participant): void {
  if (participant.state === null) return
  const { withdrawn, key } = events[participant.state]
  const date = sim.now()
  participant.state = null
  participant.approved = false
  touch(on.pullRequest, date)
  const user = renderAccount(sim, participant.person)
  raisePullRequestEvent(sim, { ...on, event: withdrawn, more: { [key]: { date, user } } })
}

export function withdrawVerdict(sim: Sim, on: OnPullRequest, verdict: Verdict): void {
  assertOpen(on.pullRequest)
  const mine = on.pullRequest.participants.find((one) => one.person.uuid === on.actor.uuid)
  if (mine === undefined || mine.state !== verdict) {
    throw notFound(
      verdict === 'approved'
        ? "You haven't approved this pull request."
        : "You haven't requested changes on this pull request.",
    )
  }
  withdraw(sim, on, mine)
}

/** Everybody's verdict of a kind is taken back, by the one who changed the pull request. */
export function dropVerdicts(sim: Sim, on: OnPullRequest, verdict: Verdict): void {
  for (const one of on.pullRequest.participants.filter((other) => other.state === verdict)) withdraw(sim, on, one)
}
