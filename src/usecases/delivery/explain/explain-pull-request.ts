import type { MetricExplanation } from '../../../../contract/delivery/explain.ts'
import { computeFigures, type PullRequestFigures } from '../../../domain/delivery/compute-figures.ts'
import type { JudgedEvent, Reason } from '../../../domain/delivery/explain/reason.ts'
import { flagWords, momentRuleWords, reviewRuleWords } from '../../../domain/delivery/explain/reason-words.ts'
import type { PullRequestFacts } from '../../../domain/delivery/pull-request-facts.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Db } from '../../../store/db.ts'
import { findPullRequests, listNames, type NamedPullRequest } from '../../../store/delivery/explain/explained.ts'
import { listPullRequestFacts } from '../../../store/delivery/pull-request-facts.ts'
import { toRows } from '../compute-figures.ts'
import { listAuthorClocks } from '../teams/list-author-clocks.ts'
import { explainChange } from './explain-change.ts'
import type { Explained } from './explain-metric.ts'

type Key = { organizationId: string }

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Throws `not_found`, and `validation_failed` for a name that several repositories have. */
export async function explainPullRequest(
  db: Db,
  { organizationId, wanted }: Key & { wanted: string },
): Promise<Explained> {
  const found = await findOne(db, { organizationId, wanted })
  const [stored] = await listPullRequestFacts(db, { organizationId, ids: [found.id] })
  if (stored === undefined) throw new AppError('not_found', 'There is no such pull request here.')
  const reasons: Reason[] = []
  const figures = computeFigures(stored.facts, (reason) => reasons.push(reason))
  // Whoever looks at what is stored compares it without the moment it was worked out.
  const at = new Date(stored.facts.openedAt * 1000)
  const asked = [{ personId: stored.facts.author?.id ?? null, repositoryId: stored.repositoryId, at }]
  const [author] = await listAuthorClocks(db, { organizationId, asked, clocks: new Map() })
  const rows = toRows({ organizationId, computedAt: new Date(0), author }, stored, figures)
  const change = await explainChange(db, { organizationId, pullRequest: found, figures })
  const names = await listNames(db, { organizationId, ids: listPeople(stored.facts) })
  const nameOf = (id: string | null | undefined) => (id === null || id === undefined ? null : (names.get(id) ?? null))
  return {
    figures: { pullRequests: [rows.figures], changes: change.rows, deployments: [] },
    told: {
      subject: toSubject(found),
      events: listTold(stored.facts, { reasons, nameOf }),
      moments: [...listMoments(reasons, nameOf), ...change.moments],
      phases: [...listPhases(figures), ...change.phases],
      flags: figures.flags.map((flag) => ({ flag, words: flagWords[flag] })),
      deployment: change.sentences,
    },
  }
}

async function findOne(db: Db, { organizationId, wanted }: Key & { wanted: string }): Promise<NamedPullRequest> {
  const [, repository = '', number = ''] = /^(.+)#(\d{1,9})$/.exec(wanted) ?? []
  if (!uuid.test(wanted) && repository === '')
    throw new AppError('validation_failed', 'pull_request: it is called like REPOSITORY#NUMBER.')
  const by = uuid.test(wanted) ? { id: wanted } : { repository, number: Number(number) }
  const [found, second] = await findPullRequests(db, { organizationId, wanted: by })
  if (found === undefined) throw new AppError('not_found', `There is no pull request ${wanted} here.`)
  if (second !== undefined)
    throw new AppError(
      'validation_failed',
      `pull_request: say the workspace too, ${found.repositoryName} or ${second.repositoryName}.`,
    )
  return found
}

function toSubject(found: NamedPullRequest): MetricExplanation['subject'] {
  const { id, number, title, webUrl } = found
  const repository = { id: found.repositoryId, name: found.repositoryName }
  return { id, repository, number, title, web_url: webUrl }
}

function listPeople({ author, events, approvals }: PullRequestFacts): string[] {
  const people = [author, ...events.map(({ by }) => by), ...approvals.map(({ by }) => by)]
  return [...new Set(people.flatMap((one) => (one === null ? [] : [one.id])))]
}

type NameOf = (id: string | null | undefined) => string | null
type Telling = { reasons: readonly Reason[]; nameOf: NameOf }

const untoldRules: Partial<Record<string, string>> = {
  commit_pushed: 'a new commit: it can answer a review',
  ready: 'it asks for a review from here on',
  drafted: 'it asks for no review from here on',
  merged: 'tells of its end',
  declined: 'tells of its end',
  superseded: 'tells of its end',
  reopened: 'what ended it before this does not count',
  opened: 'its opening',
}

/** Everything that was told, in order, each with what it counts as. */
function listTold(facts: PullRequestFacts, { reasons, nameOf }: Telling): MetricExplanation['events'] {
  const judged = new Map<JudgedEvent, string>(
    reasons.flatMap((one) => (one.about === 'event' ? [[one.event, reviewRuleWords[one.rule]] as const] : [])),
  )
  // A webhook and the feed tell of the same thing once, by its key; which of both came first is not kept.
  const events = facts.events.map((event) => ({
    at: event.at,
    what: event.isDeleted ? `${event.kind}_deleted` : event.kind,
    by: nameOf(event.by?.id),
    from: 'activity feed or webhook',
    rule: judged.get(event) ?? untoldRules[event.kind] ?? 'counts as activity only',
  }))
  const approvals = facts.approvals.map((approval) => ({
    at: approval.at,
    what: 'approval',
    by: nameOf(approval.by.id),
    from: 'participants of the pull request',
    rule: judged.get(approval) ?? 'an event tells of this approval already',
  }))
  const commits =
    facts.firstCommitAt === null
      ? []
      : [{ at: facts.firstCommitAt, what: 'first_commit', by: null, from: 'clone', rule: 'begins its coding time' }]
  return [...events, ...approvals, ...commits]
    .toSorted((a, b) => a.at - b.at || a.what.localeCompare(b.what))
    .map(({ at, ...one }) => ({ at: toIso(at), ...one }))
}

function listMoments(reasons: readonly Reason[], nameOf: NameOf): MetricExplanation['moments'] {
  return reasons.flatMap((reason) => {
    if (reason.about === 'event') return []
    const words = momentRuleWords[reason.rule]
      .replace('{what}', () => (reason.what ?? '').replaceAll('_', ' '))
      .replace('{by}', () => nameOf(reason.by?.id) ?? 'somebody nobody knows any more')
    return [{ name: reason.about, at: reason.at === null ? null : toIso(reason.at), rule: reason.rule, words }]
  })
}

function listPhases({ phases, timestamps }: PullRequestFigures): MetricExplanation['phases'] {
  const waited = timestamps.firstApprovalAt === null ? timestamps.firstReviewAt : timestamps.firstApprovalAt
  const last =
    waited === null ? 'ready_at' : timestamps.firstApprovalAt === null ? 'first_review_at' : 'first_approval_at'
  return [
    { name: 'coding', from: 'first_commit_at', to: 'ready_at', seconds: phases.coding },
    { name: 'draft', from: 'opened_at', to: 'ready_at', seconds: phases.draft },
    { name: 'pickup', from: 'ready_at', to: 'first_review_at', seconds: phases.pickup },
    { name: 'review', from: 'first_review_at', to: 'first_approval_at', seconds: phases.review },
    { name: 'merge_wait', from: last, to: 'merged_at', seconds: phases.mergeWait },
    { name: 'cycle', from: 'ready_at', to: 'merged_at', seconds: phases.cycle },
  ]
}

function toIso(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
