import { type Html, html } from '../../shared/html.ts'
import { readDiff } from '../git/diff.ts'
import { mergeStrategies, topicBase } from '../git/merge.ts'
import type { Activity, Participant, PullRequest } from '../model.ts'
import { getPullRequest } from '../operations/pull-requests.ts'
import { branchNames } from './branch-names.ts'
import { lineNotes, renderChecks } from './checks-view.ts'
import { renderCodeContext } from './code-context.ts'
import { commentForm, renderThread, type Talk, type Thread, toThreads } from './comment-thread.ts'
import { readLineChoice, renderDiff } from './diff-view.ts'
import { lozenge, moment } from './layout.ts'
import { markdown } from './markdown.ts'
import { parseDiff } from './parse-diff.ts'
import { renderTasks } from './tasks-view.ts'
import { type Answer, mayIn, type RepositoryVisit, show } from './visit.ts'

interface View {
  visit: RepositoryVisit
  pullRequest: PullRequest
  /** Address of the page. */
  action: string
  baseHash: string
}

function button(view: View, path: string, label: string): Html {
  return html`<form method="post" action="${view.action}/${path}"><button id="${path}">${label}</button></form>`
}

function verdictButtons(view: View): Html {
  const { person } = view.visit
  const mine = view.pullRequest.participants.find((one) => one.person.uuid === person.uuid)?.state ?? null
  return html`${mine === 'approved' ? button(view, 'unapprove', 'Withdraw approval') : button(view, 'approve', 'Approve')}${
    mine === 'changes_requested'
      ? button(view, 'remove-request-changes', 'Withdraw request for changes')
      : button(view, 'request-changes', 'Request changes')
  }`
}

/** Who may change a pull request may call it a draft, or ready. */
function draftButton({ visit, pullRequest, action }: View): Html | null {
  if (pullRequest.author.uuid !== visit.person.uuid && !mayIn(visit.repository, visit.person, 'write')) return null
  const [value, label] = pullRequest.draft ? ['off', 'Mark as ready'] : ['on', 'Convert to draft']
  return html`<form method="post" action="${action}/draft"><button name="draft" value="${value}" id="draft">${label}</button></form>`
}

function closing({ visit, pullRequest, action }: View): Html | null {
  const mayWrite = mayIn(visit.repository, visit.person, 'write')
  if (!mayWrite && pullRequest.author.uuid !== visit.person.uuid) return null
  return html`${
    mayWrite &&
    html`<details><summary id="merge-open">Merge…</summary><form method="post" action="${action}/merge" id="merge-form">
<label for="merge-strategy">Strategy</label><select id="merge-strategy" name="merge_strategy">${mergeStrategies.map(
      (one) => html`<option value="${one}">${one.replaceAll('_', ' ')}</option>`,
    )}</select>
<label for="merge-message">Message</label><textarea id="merge-message" name="message" rows="2"></textarea>
<label><input type="checkbox" name="close_source_branch" value="on"${pullRequest.closeSourceBranch && html` checked`}> Close source branch</label>
<button class="primary" id="merge">Merge</button></form></details>`
  }<details><summary id="decline-open">Decline…</summary><form method="post" action="${action}/decline" id="decline-form">
<label for="decline-reason">Reason</label><input id="decline-reason" name="reason"><button id="decline">Decline</button></form></details>`
}

function renderParticipant(participant: Participant): Html {
  const verdict = participant.state === null ? null : lozenge(participant.state.toUpperCase())
  return html`<li>${participant.person.displayName} <small>${participant.role.toLowerCase()}</small> ${verdict}</li>`
}

/** What its author wants, or what became of it. */
function wish({ state, author, closedBy }: PullRequest): string {
  const closer = closedBy?.displayName ?? 'somebody who left'
  switch (state) {
    case 'OPEN':
      return `${author.displayName} wants to merge`
    case 'MERGED':
      return `${closer} merged`
    case 'DECLINED':
      return `${closer} declined to merge`
    case 'SUPERSEDED':
      return `${author.displayName} wanted to merge`
    default:
      return state satisfies never
  }
}

function head(view: View): Html {
  const { pullRequest, visit } = view
  const { source, destination } = branchNames(visit.sim, { repository: visit.repository, pullRequest })
  return html`<h1>${pullRequest.title} <small>#${pullRequest.id}</small></h1>
<p id="pull-request-state">${lozenge(pullRequest.state)}${pullRequest.draft && lozenge('DRAFT')} ${wish(pullRequest)}
<code>${source}</code> (<a href="${visit.base}/commits/${pullRequest.sourceHash}">${pullRequest.sourceHash.slice(0, 7)}</a>)
into <code>${destination}</code> · opened ${moment(pullRequest.createdOn)}</p>
${pullRequest.mergeCommit !== null && html`<p>Merged as <a href="${visit.base}/commits/${pullRequest.mergeCommit}">${pullRequest.mergeCommit.slice(0, 7)}</a>.</p>`}
${pullRequest.reason !== '' && html`<p>Declined: ${pullRequest.reason}</p>`}
${pullRequest.state === 'OPEN' && html`<div class="row" id="actions">${verdictButtons(view)}${draftButton(view)}${closing(view)}</div>`}
${pullRequest.participants.length > 0 && html`<ul class="plain" id="participants">${pullRequest.participants.map(renderParticipant)}</ul>`}
<div class="prose" id="description">${pullRequest.description === '' ? html`<p><em>No description.</em></p>` : markdown(visit, pullRequest.description)}</div>`
}

interface Entry {
  date: string
  content: Html | null
}

function updateWord({ pullRequest }: View, update: Activity & { kind: 'update' }): string {
  if (update.state !== 'OPEN') return update.state.toLowerCase()
  return update === pullRequest.activity[0] ? 'opened' : 'updated'
}

function eventEntries(view: View): Entry[] {
  return view.pullRequest.activity.flatMap((activity): Entry[] => {
    const entry = (who: string, what: string) => [
      { date: activity.date, content: html`<p class="event">${who} ${what} · ${moment(activity.date)}</p>` },
    ]
    switch (activity.kind) {
      case 'comment':
        return []
      case 'approval':
        return entry(activity.person.displayName, 'approved')
      case 'changes_requested':
        return entry(activity.person.displayName, 'requested changes')
      case 'update':
        return entry(activity.person.displayName, `${updateWord(view, activity)} the pull request`)
      default:
        return activity satisfies never
    }
  })
}

async function threadEntry(view: View, talk: Talk, thread: Thread): Promise<Entry> {
  const { inline } = thread.top
  const { repository, base } = view.visit
  const place = { repository, base, hash: view.pullRequest.sourceHash, oldHash: view.baseHash }
  const code = inline === null ? null : await renderCodeContext({ ...place, inline })
  return { date: thread.top.createdOn, content: renderThread(talk, thread, code) }
}

async function conversation(view: View, talk: Talk, threads: Thread[]): Promise<Html> {
  const spoken = await Promise.all(threads.map((thread) => threadEntry(view, talk, thread)))
  const entries = [...eventEntries(view), ...spoken].toSorted((one, other) => (one.date < other.date ? -1 : 1))
  return html`<section id="conversation" aria-labelledby="conversation-heading"><h2 id="conversation-heading">Activity</h2>
${entries.map((entry) => entry.content)}
${commentForm({ action: `${view.action}/comments`, id: 'new-comment', label: 'Add a comment', button: 'Comment' })}</section>`
}

export async function showPullRequest(visit: RepositoryVisit): Promise<Answer> {
  const { repository, base, person } = visit
  const pullRequest = getPullRequest(repository, visit.params['id'] ?? '')
  const action = `${base}/pull-requests/${pullRequest.id}`
  const baseHash = await topicBase(repository.directory, pullRequest.sourceHash, pullRequest.destinationHash)
  const view: View = { visit, pullRequest, action, baseHash }
  const talk: Talk = {
    place: visit,
    person,
    comments: pullRequest.comments,
    action,
    canReply: true,
    canResolve: true,
    canMakeTasks: pullRequest.state === 'OPEN',
  }
  const threads = toThreads(pullRequest.comments)
  const files = parseDiff(await readDiff(repository.directory, { from: baseHash, to: pullRequest.sourceHash }))
  const source = `${base}/src/${pullRequest.sourceHash}`
  const body = html`${head(view)}${renderChecks(repository, pullRequest.sourceHash, source)}${renderTasks(view)}
${await conversation(view, talk, threads)}
${renderDiff({ files, action, source, threads, notes: lineNotes(repository, pullRequest.sourceHash), wanted: readLineChoice(visit.query) })}`
  return show({ title: `#${pullRequest.id}: ${pullRequest.title}`, body, repository, tab: 'pull-requests' })
}
