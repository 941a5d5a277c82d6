import { seedPeople } from './people.ts'
import type { PersonKey, SeedRepository } from './seed-repository.ts'

type Tree = Map<string, string>

interface Branch {
  tree: Tree
  /** Paths changed since the branch left main. */
  changed: Set<string>
  mark: number
}

export interface BuiltHistory {
  /** Input for `git fast-import`. */
  stream: string
  /** Marks of each branch's tip, and of each merge commit by the branch it brought in. */
  tips: Map<string, number>
  merges: Map<string, { mark: number; parent: number }>
  trees: Map<string, Tree>
}

const secondsPerDay = 86_400

export function personOf(key: PersonKey) {
  const person = seedPeople.find((one) => one.key === key)
  if (person === undefined) throw new Error(`unknown seed person ${key}`)
  return person
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`
}

function edit(text: string | undefined, [find, replace]: [string, string], path: string): string {
  if (text === undefined || !text.includes(find)) throw new Error(`seed: "${find}" is not in ${path}`)
  return text.replace(find, () => replace)
}

function changesOf(
  commit: SeedRepository['commits'][number],
  branch: Branch,
  branches: Map<string, Branch>,
): Map<string, string | null> {
  const changes = new Map<string, string | null>(Object.entries(commit.files ?? {}))
  for (const [path, edits] of Object.entries(commit.edits ?? {})) {
    changes.set(
      path,
      edits.reduce<string | undefined>((text, one) => edit(text, one, path), branch.tree.get(path)) ?? null,
    )
  }
  const merged = commit.merge === undefined ? undefined : branches.get(commit.merge)
  for (const path of merged?.changed ?? []) changes.set(path, merged?.tree.get(path) ?? null)
  return changes
}

/** Turns a seed's commits into one fast-import stream; the same seed and day give the same hashes. */
export function buildHistory(repository: Pick<SeedRepository, 'slug' | 'commits'>, todaySeconds: number): BuiltHistory {
  const branches = new Map<string, Branch>()
  const merges: BuiltHistory['merges'] = new Map()
  let stream = ''
  repository.commits.forEach((commit, index) => {
    const mark = index + 1
    const main = branches.get('main')
    const known = branches.get(commit.branch)
    const branch: Branch = known ?? { tree: new Map(main?.tree), changed: new Set(), mark: 0 }
    const parent = known?.mark ?? main?.mark
    const merged = commit.merge === undefined ? undefined : branches.get(commit.merge)
    const { displayName, email } = personOf(commit.author)
    const when = `${displayName} <${email}> ${Math.round(todaySeconds - commit.daysAgo * secondsPerDay)} +0000`
    stream += `commit refs/heads/${commit.branch}\nmark :${mark}\nauthor ${when}\ncommitter ${when}\n${data(`${commit.message}\n`)}`
    if (parent !== undefined) stream += `from :${parent}\n`
    if (merged !== undefined) stream += `merge :${merged.mark}\n`
    for (const [path, text] of changesOf(commit, branch, branches)) {
      branch.changed.add(path)
      if (text === null) {
        branch.tree.delete(path)
        stream += `D ${path}\n`
      } else {
        branch.tree.set(path, text)
        stream += `M ${path.endsWith('.sh') ? '100755' : '100644'} inline ${path}\n${data(text)}`
      }
    }
    stream += '\n'
    if (commit.tag !== undefined)
      stream += `tag ${commit.tag}\nfrom :${mark}\ntagger ${when}\n${data(`Release ${commit.tag}\n`)}`
    if (commit.merge !== undefined && parent !== undefined) merges.set(commit.merge, { mark, parent })
    branch.mark = mark
    branches.set(commit.branch, branch)
  })
  return {
    stream,
    tips: new Map([...branches].map(([name, branch]) => [name, branch.mark])),
    merges,
    trees: new Map([...branches].map(([name, branch]) => [name, branch.tree])),
  }
}

/** The line (from 1) that holds a text. */
export function lineOf(text: string | undefined, needle: string): number {
  const index = (text ?? '').split('\n').findIndex((line) => line.includes(needle))
  if (index === -1) throw new Error(`seed: no line holds "${needle}"`)
  return index + 1
}
