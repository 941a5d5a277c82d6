import type { MetricExplanation } from '../../../../contract/delivery/explain.ts'
import { computeFigures, type PullRequestFigures } from '../../../domain/delivery/compute-figures.ts'
import type { JudgedEvent, Reason } from '../../../domain/delivery/explain/reason.ts'
import { flagWords, momentRuleWords, reviewRuleWords } from '../../../domain/delivery/explain/reason-words.ts'
import { createNaming, type NamedPerson } from '../../../domain/delivery/name-people.ts'
import type { Actor, PullRequestFacts } from '../../../domain/delivery/pull-request-facts.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Db } from '../../../store/db.ts'
import { findPullRequests, type NamedPullRequest } from '../../../store/delivery/explain/explained.ts'
import { listPeopleNames } from '../../../store/delivery/people/names.ts'
import { getPeopleSettingsRow } from '../../../store/delivery/people/people-settings.ts'
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
  const nameOf = await openNames(db, { organizationId, facts: stored.facts, reasons })
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

type NameOf = (person: Actor | null | undefined) => string | null
type Naming = Key & { facts: PullRequestFacts; reasons: readonly Reason[] }

/** As what its people are called: by name where the organization allows it, else apart by number, as on its page. */
async function openNames(db: Db, { organizationId, facts, reasons }: Naming): Promise<NameOf> {
  const inOrder = [...facts.events, ...facts.approvals].toSorted((a, b) => a.at - b.at)
  const people = [facts.author, ...inOrder.map(({ by }) => by)].filter((one) => one !== null)
  const ids = [...new Set(people.map(({ id }) => id))]
  const [names, settings] = await Promise.all([
    listPeopleNames(db, { organizationId, ids }),
    getPeopleSettingsRow(db, organizationId),
  ])
  const reviewerIds = reasons.flatMap((one) =>
    one.about === 'event' && one.rule === 'review_counts' && one.by !== null ? [one.by.id] : [],
  )
  const naming = createNaming({
    authorId: facts.author?.id ?? null,
    reviewerIds: new Set(reviewerIds),
    showsNames: settings.has_person_pages,
  })
  const nameOf: NameOf = (person) => {
    const name = person === null || person === undefined ? undefined : names.get(person.id)
    return !person || name === undefined ? null : toWords(naming({ ...person, name }))
  }
  // Numbers follow the order of what happened, wherever somebody is named first.
  for (const one of people) nameOf(one)
  return nameOf
}

function toWords({ role, number, name }: NamedPerson): string {
  if (name !== null) return name
  if (role === 'author') return 'the author'
  return role === 'reviewer' ? `reviewer ${number}` : `person ${number}`
}

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
    by: nameOf(event.by),
    from: 'activity feed or webhook',
    rule: judged.get(event) ?? untoldRules[event.kind] ?? 'counts as activity only',
  }))
  const approvals = facts.approvals.map((approval) => ({
    at: approval.at,
    what: 'approval',
    by: nameOf(approval.by),
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
      .replace('{by}', () => nameOf(reason.by) ?? 'somebody nobody knows any more')
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
