import { type Html, html } from '../../shared/html.ts'
import { findEntry, readFile } from '../git/tree.ts'
import type { Inline, Repository } from '../model.ts'
import { encodePath } from './encode-path.ts'
import { scrollBox } from './scroll-box.ts'

const linesAround = 3
/** Files above this are not read for a few lines of context, bytes. */
const largestFile = 1_000_000

export interface CodePlace {
  repository: Repository
  /** Address of the repository. */
  base: string
  inline: Inline
  /** Commits of the new and of the old version. */
  hash: string
  oldHash: string
}

async function readLines(place: CodePlace, hash: string): Promise<string[]> {
  const { directory } = place.repository
  const entry = await findEntry(directory, hash, place.inline.path)
  if (entry === undefined || entry.kind !== 'file' || entry.size > largestFile) return []
  return (await readFile(directory, hash, place.inline.path)).toString('utf8').split('\n')
}

/** The lines an inline comment speaks of, with a link to the file. */
export async function renderCodeContext(place: CodePlace): Promise<Html> {
  const { inline } = place
  const isNew = inline.to !== null || inline.from === null
  const hash = isNew ? place.hash : place.oldHash
  const last = (isNew ? inline.to : inline.from) ?? 1
  const first = (isNew ? inline.startTo : inline.startFrom) ?? last
  const lines = await readLines(place, hash)
  const start = Math.max(1, first - linesAround)
  const shown = lines.slice(start - 1, last + 1)
  const address = `${place.base}/src/${hash}/${encodePath(inline.path)}#lines-${first === last ? last : `${first}:${last}`}`
  return html`<div class="context"><p><a href="${address}">${inline.path}:${last}</a>${
    !isNew && ' (removed line)'
  }${inline.outdated && ' (outdated)'}</p>${
    shown.length > 0 &&
    scrollBox(
      `Lines ${start} to ${last} of ${inline.path}`,
      html`<table class="diff">${shown.map((text, index) => {
        const number = start + index
        return html`<tr class="${number >= first && number <= last ? 'marked' : 'same'}"><td class="number">${number}</td><td class="code">${text}</td></tr>`
      })}</table>`,
    )
  }</div>`
}
