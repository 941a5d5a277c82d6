import { Html, html } from '../../shared/html.ts'
import type { Inline } from '../model.ts'
import type { LineNote } from './checks-view.ts'
import type { Thread } from './comment-thread.ts'
import { commentForm } from './comment-thread.ts'
import { encodePath } from './encode-path.ts'
import { lozenge } from './layout.ts'
import type { DiffFile, DiffLine } from './parse-diff.ts'
import { scrollBox } from './scroll-box.ts'

export interface DiffView {
  files: DiffFile[]
  /** Address of the page: where line links lead and comments are posted; null where there are none. */
  action: string | null
  /** Address of the files of the new version. */
  source: string
  threads: Thread[]
  /** What reports say of lines of the new version. */
  notes: LineNote[]
  /** The line somebody wants to comment on. */
  wanted: LineChoice | null
}

export interface LineChoice {
  path: string
  from: number | null
  to: number | null
}

/** `?path=…&to=…` or `&from=…`, which the line links carry. */
export function readLineChoice(query: URLSearchParams): LineChoice | null {
  const path = query.get('path')
  const number = (name: string) => (/^\d{1,9}$/.test(query.get(name) ?? '') ? Number(query.get(name)) : null)
  const [from, to] = [number('from'), number('to')]
  if (path === null || (from === null && to === null)) return null
  return to === null ? { path, from, to } : { path, from: null, to }
}

/** The place a comment form names; undefined for a general comment. */
export function readInline(form: URLSearchParams): Inline | undefined {
  const choice = readLineChoice(form)
  return choice === null ? undefined : { ...choice, startFrom: null, startTo: null, outdated: false }
}

function placeOf(file: DiffFile, line: DiffLine): LineChoice | null {
  if (line.new !== null) return { path: file.newPath ?? file.oldPath ?? '', from: null, to: line.new }
  if (line.old !== null) return { path: file.newPath ?? file.oldPath ?? '', from: line.old, to: null }
  return null
}

function isAt(inline: Pick<Inline, 'path' | 'from' | 'to'> | null, place: LineChoice): boolean {
  if (inline === null || inline.path !== place.path) return false
  return place.to === null ? inline.to === null && inline.from === place.from : inline.to === place.to
}

function lineLink(action: string, place: LineChoice): Html {
  const query = new URLSearchParams({
    path: place.path,
    ...(place.to === null ? { from: String(place.from) } : { to: String(place.to) }),
  })
  const label = `Comment on line ${place.to ?? place.from}`
  return html`<a class="add" href="${action}?${query.toString()}#inline-comment" title="${label}" aria-label="${label}">✎</a>`
}

function inlineForm(action: string, place: LineChoice): Html {
  const side =
    place.to === null
      ? html`<input type="hidden" name="from" value="${place.from}">`
      : html`<input type="hidden" name="to" value="${place.to}">`
  return commentForm({
    action: `${action}/comments`,
    id: 'inline-comment',
    label: `Comment on ${place.path}, line ${place.to ?? place.from}`,
    button: 'Comment',
    fields: html`<input type="hidden" name="path" value="${place.path}">${side}`,
  })
}

function threadMark(thread: Thread): Html {
  const count = 1 + thread.replies.length
  return html`<a href="#thread-${thread.top.id}">${count} ${count === 1 ? 'comment' : 'comments'} by ${thread.top.author.displayName}${
    thread.replies.length > 0 && ' and others'
  }</a> ${thread.top.resolution !== null && lozenge('RESOLVED')}`
}

function renderLine(view: DiffView, file: DiffFile, line: DiffLine): Html {
  const place = placeOf(file, line)
  const sign = line.kind === 'added' ? '+' : line.kind === 'removed' ? '−' : ''
  const row = html`<tr class="${line.kind}"><td class="number">${line.old}</td><td class="number">${line.new}</td><td class="number">${
    place !== null && view.action !== null && lineLink(view.action, place)
  }</td><td class="sign">${sign}</td><td class="code">${line.text}</td></tr>
`
  if (place === null) return row
  const marks = view.threads.filter((thread) => isAt(thread.top.inline, place))
  const form =
    view.action !== null && view.wanted !== null && isAt(view.wanted, place) ? inlineForm(view.action, place) : null
  const notes = view.notes.filter((note) => note.path === place.path && note.line === place.to)
  if (marks.length === 0 && notes.length === 0 && form === null) return row
  return html`${row}<tr class="talk"><td colspan="5">${notes.map(
    (note) => html`<p class="note">${lozenge(note.severity)} ${note.summary} <small>${note.report}</small></p>`,
  )}${marks.map((thread) => html`<p>${threadMark(thread)}</p>`)}${form}</td></tr>
`
}

function fileStatus(file: DiffFile): string {
  if (file.oldPath === null) return 'ADDED'
  if (file.newPath === null) return 'REMOVED'
  return file.oldPath === file.newPath ? 'MODIFIED' : 'RENAMED'
}

function renderFile(view: DiffView, file: DiffFile): Html {
  const path = file.newPath ?? file.oldPath ?? ''
  const name = file.newPath === null ? html`${path}` : html`<a href="${view.source}/${encodePath(path)}">${path}</a>`
  const lines = file.hunks.map(
    (hunk) => html`<tr class="hunk"><td colspan="5">${hunk.heading}</td></tr>
${hunk.lines.map((line) => renderLine(view, file, line))}`,
  )
  return html`<section class="file" data-path="${path}"><h3>${lozenge(fileStatus(file))} ${
    file.oldPath !== null && file.newPath !== null && file.oldPath !== file.newPath && html`${file.oldPath} → `
  }${name}</h3>${
    file.hunks.length === 0
      ? html`<p>${file.binary ? 'Binary file, not shown.' : 'No lines changed.'}</p>`
      : scrollBox(`Changes of ${path}`, html`<table class="diff">${lines}</table>`)
  }</section>`
}

function isShown(view: DiffView): boolean {
  const { wanted } = view
  if (wanted === null) return true
  return view.files.some((file) =>
    file.hunks.some((hunk) =>
      hunk.lines.some((line) => {
        const place = placeOf(file, line)
        return place !== null && isAt(wanted, place)
      }),
    ),
  )
}

/** The changed files with a link on every line to comment on it. */
export function renderDiff(view: DiffView): Html {
  return html`<section id="diff" aria-labelledby="diff-heading"><h2 id="diff-heading">Files changed (${view.files.length})</h2>
${view.action !== null && view.wanted !== null && !isShown(view) && inlineForm(view.action, view.wanted)}
${view.files.map((file) => renderFile(view, file))}</section>`
}
