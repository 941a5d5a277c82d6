import { existsSync, writeFileSync } from 'node:fs'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AppError } from '../lib/app-error.ts'
import { type GitSecret, gitText, requireGood, startGit } from './git-process.ts'
import { findSpaceProblem, type MirrorFolder, type MirrorLimits, measureFolder } from './mirror-folder.ts'
import { diskFull, toGitFailure } from './to-git-failure.ts'

export type FetchInput = {
  folder: MirrorFolder
  url: URL
  secret: GitSecret
  /** As `pinAddress` says it. */
  pinned: string | undefined
  limits: MirrorLimits
  signal?: AbortSignal | undefined
  /** For tests; 30 minutes. */
  timeoutMs?: number
}

/** `heads`: what branches, tags and kept commits stand at. `operations`: times the host was asked. */
export type Fetched = { heads: string[]; bytes: number; isPartial: boolean; operations: number }

/** Whatever is larger than this is no source text: never fetched where the host can leave it out, and counted as no lines. */
const largestFile = '512k'
const fetchWithinMs = 30 * 60_000
const measureEveryMs = 2000
/** Each fetch adds a pack. */
const packsAtMost = 50

const refspecs = [
  '+refs/heads/*:refs/heads/*',
  '+refs/tags/*:refs/tags/*',
  // Where a host shows the sources of pull requests as refs.
  '+refs/pull-requests/*/from:refs/pull-requests/*/from',
]

/**
 * Brings a mirror to what the host has now. Commits that no branch stands at any more, after a forced push or a deleted
 * branch, are kept. Only for the holder of its lock. Throws as `toGitFailure` says, or `unavailable` where the disk is full.
 */
export async function fetchMirror(input: FetchInput): Promise<Fetched> {
  const { folder, limits } = input
  const problem = await findSpaceProblem(folder, limits)
  if (problem !== undefined) throw problem
  await ensureRepositories(folder, input.url)
  await keepGone(folder)
  await writeWhole(folder.before, (await listHeads(folder)).join('\n'))
  const isFirst = !existsSync(folder.partial)
  const isPartialWished = isFirst || (await readFile(folder.partial, 'utf8')) === 'yes'
  const said = await fetch(input, isPartialWished)
  const isPartial = isPartialWished && !said.includes('filtering not recognized')
  await writeWhole(folder.partial, isPartial ? 'yes' : 'no')
  await keepGone(folder)
  await tidy(folder)
  return { heads: await listHeads(folder), bytes: await measureFolder(folder.mirror), isPartial, operations: 1 }
}

async function ensureRepositories(folder: MirrorFolder, url: URL): Promise<void> {
  for (const gitDir of [folder.mirror, folder.view])
    if (!existsSync(join(gitDir, 'HEAD'))) await gitText({ gitDir, args: ['init', '--quiet', '--bare', '--template='] })
  // The address follows a renamed repository.
  await gitText({ gitDir: folder.mirror, args: ['config', 'remote.origin.url', url.href] })
}

async function fetch(input: FetchInput, isPartialWished: boolean): Promise<string> {
  const { folder, url, limits } = input
  const watch = new AbortController()
  let problem: AppError | undefined
  const look = async (): Promise<void> => {
    problem ??= await findSpaceProblem(folder, limits)
    if (problem !== undefined) watch.abort()
  }
  const timer = setInterval(() => {
    void look()
  }, measureEveryMs)
  const pin = input.pinned === undefined ? [] : ['-c', `http.curloptResolve=${input.pinned}`]
  const filter = isPartialWished ? [`--filter=blob:limit=${largestFile}`] : []
  const options = ['--prune', '--no-tags', '--force', '--no-write-fetch-head', '--no-auto-gc', ...filter]
  try {
    const { stdout, ended } = startGit({
      gitDir: folder.mirror,
      args: [...pin, 'fetch', ...options, '--', 'origin', ...refspecs],
      protocol: url.protocol === 'http:' ? 'http' : 'https',
      secret: input.secret,
      timeoutMs: input.timeoutMs ?? fetchWithinMs,
      signal: input.signal === undefined ? watch.signal : AbortSignal.any([input.signal, watch.signal]),
      onStart: (id) => writeFileSync(folder.running, String(id)),
    })
    stdout.resume()
    const end = await ended
    if (problem !== undefined) throw problem
    if (end.kind === 'exit' && end.code === 0) return end.error
    throw /No space left on device/.test(end.kind === 'exit' ? end.error : '')
      ? diskFull()
      : toGitFailure(end, url.host)
  } finally {
    clearInterval(timer)
    await rm(folder.running, { force: true })
  }
}

/** What every ref stands at; for an annotated tag the commit in the end. */
async function listHeads({ mirror: gitDir }: MirrorFolder): Promise<string[]> {
  const text = await gitText({ gitDir, args: ['rev-list', '--no-walk=unsorted', '--all'] })
  return [...new Set(text.split('\n').filter((line) => line !== ''))]
}

/** A commit that was a head before the fetch and is in no branch now gets a name of its own, so that it stays known. */
async function keepGone(folder: MirrorFolder): Promise<void> {
  const text = await readFile(folder.before, 'utf8').catch(() => '')
  if (text === '') return
  const now = new Set(await listHeads(folder))
  const gone = text.split('\n').filter((sha) => sha !== '' && !now.has(sha))
  if (gone.length > 0) {
    const gitDir = folder.mirror
    const lines = [...gone, ...[...now].map((sha) => `^${sha}`)]
    const lost = new Set((await gitText({ gitDir, args: ['rev-list', '--stdin'], lines })).split('\n'))
    const kept = gone.filter((sha) => lost.has(sha)).map((sha) => `update refs/kept/${sha} ${sha}`)
    if (kept.length > 0) await gitText({ gitDir, args: ['update-ref', '--stdin'], lines: kept })
  }
  await rm(folder.before, { force: true })
}

async function tidy({ mirror: gitDir, objects }: MirrorFolder): Promise<void> {
  await gitText({ gitDir, args: ['pack-refs', '--all'] })
  const packs = (await readdir(join(objects, 'pack')).catch(() => [])).filter((name) => name.endsWith('.pack'))
  if (packs.length < packsAtMost) return
  const call = { gitDir, args: ['repack', '-a', '-d', '-q', '--keep-unreachable'], timeoutMs: fetchWithinMs }
  const { stdout, ended } = startGit(call)
  stdout.resume()
  requireGood(await ended, call)
}

/** Whole or not at all, whenever the process ends. */
async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { flush: true })
  await rename(`${path}.new`, path)
}
