import { type Html, html } from '../../shared/html.ts'
import { readCommit } from '../git/commits.ts'
import { emptyTree, readDiff } from '../git/diff.ts'
import { resolveCommit } from '../git/refs.ts'
import {
  createCommitComment,
  deleteCommitComment,
  getCommitComment,
  updateCommitComment,
} from '../operations/commit-comments.ts'
import { notFound } from '../simulator-error.ts'
import { lineNotes, renderChecks } from './checks-view.ts'
import { renderCodeContext } from './code-context.ts'
import { commentForm, renderThread, type Talk, type Thread, toThreads } from './comment-thread.ts'
import { readInline, readLineChoice, renderDiff } from './diff-view.ts'
import { formNumber, formText } from './form.ts'
import { moment } from './layout.ts'
import { parseDiff } from './parse-diff.ts'
import { keepTyped } from './try-again.ts'
import { type Answer, type RepositoryVisit, redirect, show } from './visit.ts'

/** The full hash of the path's commit. */
async function hashOf(visit: RepositoryVisit): Promise<string> {
  const wanted = visit.params['hash'] ?? ''
  const hash = /^[0-9a-f]{4,40}$/i.test(wanted) ? await resolveCommit(visit.repository.directory, wanted) : undefined
  if (hash === undefined) throw notFound(`Commit not found: ${wanted}`)
  return hash
}

interface View {
  visit: RepositoryVisit
  talk: Talk
  threads: Thread[]
  hash: string
  from: string
}

async function conversation({ visit, talk, threads, hash, from }: View): Promise<Html> {
  const { repository, base } = visit
  const shown = await Promise.all(
    threads.map(async (thread) => {
      const { inline } = thread.top
      const code = inline === null ? null : await renderCodeContext({ repository, base, inline, hash, oldHash: from })
      return renderThread(talk, thread, code)
    }),
  )
  return html`<section id="conversation" aria-labelledby="conversation-heading"><h2 id="conversation-heading">Comments</h2>${shown}
${commentForm({ action: `${talk.action}/comments`, id: 'new-comment', label: 'Add a comment', button: 'Comment' })}</section>`
}

export async function showCommit(visit: RepositoryVisit): Promise<Answer> {
  const { repository, base, person } = visit
  const hash = await hashOf(visit)
  const commit = await readCommit(repository.directory, hash)
  if (commit === undefined) throw notFound(`Commit not found: ${hash}`)
  const from = commit.parents[0] ?? emptyTree
  const action = `${base}/commits/${hash}`
  const comments = repository.commitComments.filter((one) => one.hash === hash)
  const talk: Talk = { place: visit, person, comments, action, canReply: true, canResolve: false, canMakeTasks: false }
  const threads = toThreads(comments)
  const files = parseDiff(await readDiff(repository.directory, { from, to: hash }))
  const source = `${base}/src/${hash}`
  const [subject = '', ...rest] = commit.message.trim().split('\n')
  const body = html`<h1>${subject}</h1>${rest.length > 0 && html`<pre>${rest.join('\n').trim()}</pre>`}
<p>${commit.author.replace(/ <.*/, '')} committed <code id="commit-hash">${hash}</code> · ${moment(commit.date)} ·
${commit.parents.map((parent) => html`parent <a href="${base}/commits/${parent}">${parent.slice(0, 7)}</a> `)}· <a href="${source}/">View source</a></p>
${renderChecks(repository, hash, source)}${await conversation({ visit, talk, threads, hash, from })}
${renderDiff({ files, action, source, threads, notes: lineNotes(repository, hash), wanted: readLineChoice(visit.query) })}`
  return show({ title: `${hash.slice(0, 7)}: ${subject}`, body, repository, tab: 'commits' })
}

function backTo(visit: RepositoryVisit, hash: string, anchor: string): Answer {
  return redirect(`${visit.base}/commits/${hash}#${anchor}`)
}

export const addCommitComment = keepTyped(async (visit) => {
  const { sim, repository, person: actor, form } = visit
  const hash = await hashOf(visit)
  const place = { hash, parentId: formNumber(form, 'parent'), inline: readInline(form) }
  const comment = createCommitComment(sim, { repository, actor }, { ...place, raw: formText(form, 'content') })
  return backTo(visit, hash, `comment-${comment.id}`)
})

export const editCommitComment = keepTyped(async (visit) => {
  const { sim, repository, person: actor, form } = visit
  const hash = await hashOf(visit)
  const comment = getCommitComment(repository, hash, visit.params['comment'] ?? '')
  updateCommitComment(sim, { repository, actor }, { comment, raw: formText(form, 'content') })
  return backTo(visit, hash, `comment-${comment.id}`)
})

export async function removeCommitComment(visit: RepositoryVisit): Promise<Answer> {
  const { sim, repository, person: actor } = visit
  const hash = await hashOf(visit)
  deleteCommitComment(sim, { repository, actor }, getCommitComment(repository, hash, visit.params['comment'] ?? ''))
  return backTo(visit, hash, 'conversation')
}
