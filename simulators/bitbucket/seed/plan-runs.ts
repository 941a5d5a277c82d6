import type { PipelineResult, PipelineTrigger } from '../model/pipelines.ts'
import type { PlanWish } from '../pipelines/definition.ts'
import { definitionFile } from '../pipelines/definition.ts'
import type { PersonKey, SeedRepository } from './seed-repository.ts'

/** A pipeline of the past. */
export interface SeedRun {
  daysAgo: number
  /** Index of the commit in the seed. */
  commit: number
  branch: string
  author: PersonKey
  wish: PlanWish
  trigger: PipelineTrigger
  result: PipelineResult
  /** Where it does not succeed: name of the step. */
  endsAt: string | null
}

interface Dated {
  index: number
  branch: string
  author: PersonKey
  daysAgo: number
}

const secondsPerDay = 86_400
const ago = (days: number, seconds: number) => days - seconds / secondsPerDay

function onBranch(commit: Dated, nth: number): SeedRun[] {
  const run: SeedRun = {
    daysAgo: ago(commit.daysAgo, 9),
    commit: commit.index,
    branch: commit.branch,
    author: commit.author,
    wish: { kind: 'branch', name: commit.branch },
    trigger: 'PUSH',
    result: 'SUCCESSFUL',
    endsAt: null,
  }
  if (nth % 3 === 2) return [run]
  // A flaky test or an impatient person; the second attempt gets through.
  const again: SeedRun = { ...run, daysAgo: ago(commit.daysAgo, 2700), trigger: 'MANUAL' }
  return [{ ...run, result: nth % 3 === 0 ? 'FAILED' : 'STOPPED', endsAt: 'Build and test' }, again]
}

function onMain(commit: Dated, nth: number): SeedRun[] {
  const run: SeedRun = {
    daysAgo: ago(commit.daysAgo, 12),
    commit: commit.index,
    branch: 'main',
    author: commit.author,
    wish: { kind: 'branch', name: 'main' },
    trigger: 'PUSH',
    result: 'SUCCESSFUL',
    endsAt: null,
  }
  if (nth !== 1) return [run]
  // Production would not take it; three hours later a hotfix did.
  const hotfix: SeedRun = {
    ...run,
    daysAgo: ago(commit.daysAgo, 3 * 3600),
    wish: { kind: 'selector', selector: { type: 'custom', pattern: 'hotfix' } },
    trigger: 'MANUAL',
  }
  return [{ ...run, result: 'FAILED', endsAt: 'Deploy to production' }, hotfix]
}

/** Started by hand and still waiting for a word on production. */
function thisMorning(commit: Dated): SeedRun {
  const wish: PlanWish = { kind: 'branch', name: 'main' }
  return {
    daysAgo: 0.15,
    commit: commit.index,
    branch: 'main',
    author: commit.author,
    wish,
    trigger: 'MANUAL',
    result: 'SUCCESSFUL',
    endsAt: null,
  }
}

/** Every pipeline of a repository's history, oldest first. */
export function planRuns({ commits }: SeedRepository): SeedRun[] {
  const dated: Dated[] = commits.map(({ branch, author, daysAgo }, index) => ({ index, branch, author, daysAgo }))
  const first = commits.findIndex(({ files }) => typeof files?.[definitionFile] === 'string')
  if (first === -1) return []
  const built = dated.filter(({ index }) => index >= first)
  const main = built.filter(({ branch }) => branch === 'main')
  const others = built.filter(({ branch }) => branch !== 'main')
  const nightly = [21, 14, 7, 0.4].flatMap((days): SeedRun[] => {
    const tip = main.findLast(({ daysAgo }) => daysAgo > days)
    if (tip === undefined) return []
    const wish: PlanWish = { kind: 'selector', selector: { type: 'custom', pattern: 'security-scan' } }
    const { index: commit, author } = tip
    return [
      { daysAgo: days, commit, branch: 'main', author, wish, trigger: 'SCHEDULED', result: 'SUCCESSFUL', endsAt: null },
    ]
  })
  const text = commits[first]?.files?.[definitionFile] ?? ''
  const waiting = text.includes('trigger: manual') ? main.slice(-1).map(thisMorning) : []
  return [...main.flatMap(onMain), ...others.flatMap(onBranch), ...nightly, ...waiting].toSorted(
    (one, other) => other.daysAgo - one.daysAgo,
  )
}
