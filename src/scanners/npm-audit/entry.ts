import { aliasesOf } from '../advisory-aliases.ts'
import { describeDependency } from '../describe-dependency.ts'
import { findWays, type KnownWays } from '../known-ways.ts'
import { makeFinding } from '../make-finding.ts'
import { rateFinding } from '../rate-finding.ts'
import { readCwes } from '../read-cwes.ts'
import type { ReportFinding } from '../scanner.ts'

/** An advisory for a package in one version, in whichever shape it was told. */
export type Told = {
  kind: 'entry'
  /** GHSA where there is one: the numbers that npm gives change with every edition of an advisory. */
  id: string
  others: readonly unknown[]
  name: string
  version: string | null
  title: string
  description: string
  severity: unknown
  cwe: unknown
  vector: unknown
  score: unknown
  affected: string | undefined
  fixedIn: string | null
  link: string | null
  /** How the package comes in. */
  ways: string[]
  notes: string[]
}

/** What is no advisory is left out, for a reason. */
export type Entry = Told | { kind: 'left'; step: string; label: string; detail: string }

/** The advisory in GitHub's database that a link leads to; of the old database of npm its number there, which stayed. */
export function readAdvisoryId(link: string | null, number: unknown): string {
  const github = /\/advisories\/(GHSA(?:-[0-9a-z]{4}){3})/i.exec(link ?? '')?.[1]
  if (github !== undefined) return github
  const npm = /npmjs\.com\/advisories\/(\d{1,9})/.exec(link ?? '')?.[1] ?? number
  return typeof npm === 'string' || typeof npm === 'number' ? `NPM-${npm}` : ''
}

export function keyOf({ id, name, version }: Told): string[] {
  return [id, name, version ?? '']
}

export function toFinding(told: Told, known: KnownWays, scanner: string): ReportFinding {
  const { id, name, version, affected, fixedIn, notes } = told
  const ref = { ecosystem: 'npm', name, version }
  const { ways, count } = findWays(known, keyOf(told))
  return makeFinding({
    kind: 'dependency',
    scanner,
    ruleId: id,
    title: told.title || `${id} in ${name}`,
    message: describeDependency({ package: ref, affected, fixedIn, ways, count: Math.max(count, ways.length), notes }),
    description: told.description,
    ...rateFinding({ word: told.severity, vectors: [told.vector], scores: [told.score] }),
    cwes: readCwes(told.cwe),
    aliases: aliasesOf(id, told.others),
    helpUri: told.link,
    package: ref,
    fixedIn,
  })
}
