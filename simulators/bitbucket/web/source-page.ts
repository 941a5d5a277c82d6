import { type Html, html } from '../../shared/html.ts'
import { listRefs } from '../git/refs.ts'
import { findEntry, listFolder, readFile, type TreeEntry } from '../git/tree.ts'
import { notFound } from '../simulator-error.ts'
import { encodePath } from './encode-path.ts'
import { markdown } from './markdown.ts'
import { scrollBox } from './scroll-box.ts'
import { locate, type SourceLocation } from './source-location.ts'
import { type Answer, type RepositoryVisit, redirect, show } from './visit.ts'

/** Files above this are not shown, bytes. */
const largestShown = 1_000_000

async function branchSwitch(visit: RepositoryVisit, at: SourceLocation): Promise<Html> {
  const branches = (await listRefs(visit.repository.directory)).filter((ref) => ref.kind === 'branch')
  const isBranch = branches.some((ref) => ref.name === at.ref)
  return html`<form method="get" action="${visit.base}" class="row" id="branch-form"><label for="branch">Branch</label>
<select id="branch" name="at">${!isBranch && html`<option value="${at.ref}" selected>${at.hash.slice(0, 12)}</option>`}${branches.map(
    (ref) => (ref.name === at.ref ? html`<option selected>${ref.name}</option>` : html`<option>${ref.name}</option>`),
  )}</select><button id="switch-branch">Switch</button>
<a href="${visit.base}/get/${encodePath(at.ref)}.zip" id="download">Download</a></form>`
}

function crumbs(visit: RepositoryVisit, at: SourceLocation): Html {
  const steps = at.path.split('/').filter((step) => step !== '')
  return html`<p class="path"><a href="${visit.base}/src/${encodePath(at.ref)}/">${visit.repository.slug}</a>${steps.map(
    (step, index) => {
      const path = steps.slice(0, index + 1).join('/')
      return html` / <a href="${visit.base}/src/${encodePath(at.ref)}/${encodePath(path)}">${step}</a>`
    },
  )}</p>`
}

async function folder(visit: RepositoryVisit, at: SourceLocation): Promise<Html> {
  const entries = await listFolder(visit.repository.directory, { commit: at.hash, path: at.path, depth: 1 })
  const sorted = entries.toSorted(
    (one, other) => one.kind.localeCompare(other.kind) || one.path.localeCompare(other.path),
  )
  const readme = entries.find(
    (entry) => entry.kind === 'file' && /(^|\/)readme(\.md|\.txt)?$/i.test(entry.path) && entry.size < largestShown,
  )
  return html`<table id="files"><thead><tr><th>Name</th><th>Size</th></tr></thead><tbody>${sorted.map((entry) => {
    const name = entry.path.slice(at.path === '' ? 0 : at.path.length + 1)
    return html`<tr><td><a href="${visit.base}/src/${encodePath(at.ref)}/${encodePath(entry.path)}">${name}${entry.kind === 'directory' && '/'}</a></td>
<td>${entry.kind === 'file' && `${entry.size} B`}</td></tr>`
  })}</tbody></table>${
    readme !== undefined &&
    html`<section class="prose" id="readme">${markdown(visit, (await readFile(visit.repository.directory, at.hash, readme.path)).toString('utf8'))}</section>`
  }`
}

async function file(visit: RepositoryVisit, at: SourceLocation, entry: TreeEntry): Promise<Html> {
  if (entry.kind === 'submodule') return html`<p>This is a submodule at ${entry.hash}.</p>`
  if (entry.size > largestShown) return html`<p>This file is too large to show (${entry.size} bytes).</p>`
  const bytes = await readFile(visit.repository.directory, at.hash, at.path)
  if (bytes.includes(0)) return html`<p>This is a binary file (${entry.size} bytes).</p>`
  const lines = bytes.toString('utf8').replace(/\n$/, '').split('\n')
  return scrollBox(
    `Lines of ${at.path}`,
    html`<table class="diff" id="source">${lines.map(
      (
        text,
        index,
      ) => html`<tr id="lines-${index + 1}"><td class="number"><a href="#lines-${index + 1}">${index + 1}</a></td><td class="code">${text}</td></tr>
`,
    )}</table>`,
  )
}

export async function showSource(visit: RepositoryVisit): Promise<Answer> {
  const { repository } = visit
  const at = await locate(repository, visit.params['*'] ?? '')
  const entry = await findEntry(repository.directory, at.hash, at.path)
  if (entry === undefined) throw notFound(`The path ${at.path} does not exist at ${at.ref}.`)
  const content = entry.kind === 'directory' ? await folder(visit, at) : await file(visit, at, entry)
  const heading = at.path === '' ? repository.name : (at.path.split('/').at(-1) ?? '')
  const body = html`<h1>${heading}</h1>${await branchSwitch(visit, at)}${crumbs(visit, at)}${content}<script src="/_web/lines.js" defer></script>`
  return show({ title: at.path === '' ? repository.name : at.path, body, repository, tab: 'source' })
}

/** The repository's front: its main branch, or the branch chosen with `?at=`. */
export async function showRepository(visit: RepositoryVisit): Promise<Answer> {
  const { repository } = visit
  const chosen = visit.query.get('at')
  if (chosen !== null) return redirect(`${visit.base}/src/${encodePath(chosen)}/`)
  const [first] = await listRefs(repository.directory)
  const main = repository.mainBranch ?? first?.name
  if (main === undefined) {
    return show({
      title: repository.name,
      body: html`<h1>${repository.name}</h1><p>This repository is empty.</p>`,
      repository,
      tab: 'source',
    })
  }
  return await showSource({ ...visit, params: { ...visit.params, '*': main } })
}
