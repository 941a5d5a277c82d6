import { html } from '../../shared/html.ts'
import { readDiff } from '../git/diff.ts'
import { mergeBase } from '../git/refs.ts'
import { notFound } from '../simulator-error.ts'
import { renderDiff } from './diff-view.ts'
import { parseDiff } from './parse-diff.ts'
import { locate } from './source-location.ts'
import { type Answer, type RepositoryVisit, show } from './visit.ts'

/** `{newer}..{older}`: what the newer one changed since the two parted, as pushes link to it. */
export async function showComparison(visit: RepositoryVisit): Promise<Answer> {
  const { repository, base } = visit
  const [newer = '', older = ''] = (visit.params['*'] ?? '').split('..')
  if (older === '') throw notFound('A comparison needs two commits.')
  const [to, from] = await Promise.all([locate(repository, newer), locate(repository, older)])
  const start = (await mergeBase(repository.directory, from.hash, to.hash)) ?? from.hash
  const diff = await readDiff(repository.directory, { from: start, to: to.hash })
  const body = html`<h1>Changes from ${from.ref} to ${to.ref}</h1>
${renderDiff({
  files: parseDiff(diff),
  action: null,
  source: `${base}/src/${to.hash}`,
  threads: [],
  notes: [],
  wanted: null,
})}`
  return show({ title: 'Compare', body, repository, tab: 'branches' })
}
