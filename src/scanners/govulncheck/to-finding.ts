import { aliasesOf } from '../advisory-aliases.ts'
import { describeDependency } from '../describe-dependency.ts'
import { makeFinding } from '../make-finding.ts'
import { rateFinding } from '../rate-finding.ts'
import type { Place, ReportFinding } from '../scanner.ts'
import type { Advisory } from './advisory.ts'
import type { Entry, Reach } from './entry.ts'

/** Of all that is told of an advisory for a module: which entry stands for it, and where else the code calls it. */
type Best = { id: string; reach: Reach; calls: Place[] }

export type Known = {
  best: Map<string, Best>
  /** Of the format of before 1.0: the versions of modules by number. */
  modules: Map<string, string | null>
  isBinary: boolean
  /** Whether the scan looked for calls at all. */
  seesCalls: boolean
}

const order: readonly Reach[] = ['required', 'imported', 'called']
const maxFlow = 50
const maxCalls = 20

/** The nearest entry stands for all, the first of those as near. */
export function noteEntry({ best }: Known, { osv, module, reach, flow }: Entry, id: string): void {
  const key = `${osv}\n${module}`
  const known = best.get(key)
  const call = flow[0]
  const calls = known?.calls ?? []
  if (call !== undefined && calls.length < maxCalls) calls.push(call)
  if (known === undefined || order.indexOf(reach) > order.indexOf(known.reach)) best.set(key, { id, reach, calls })
}

export function toFinding(entry: Entry, known: Known, advisory: Advisory | undefined): ReportFinding {
  const { osv, module, version, reach, flow } = entry
  const ref = { ecosystem: 'golang', name: module, version }
  const fixes = (advisory?.fixes ?? []).filter((fix) => fix.module === module).map((fix) => fix.version)
  const fixedIn = entry.fixedIn ?? (fixes.length === 0 ? null : fixes.join(', '))
  const calls = known.best.get(`${osv}\n${module}`)?.calls ?? []
  return makeFinding({
    kind: 'dependency',
    scanner: 'govulncheck',
    ruleId: osv,
    title: advisory?.title || advisory?.details || `${osv} in ${module}`,
    message: describeDependency({ package: ref, fixedIn, notes: [describeReach(entry, known)] }),
    description: advisory?.details ?? '',
    ...rateFinding({ word: undefined, otherwise: rateReach(reach, known) }),
    cwes: [],
    aliases: aliasesOf(osv, advisory?.aliases ?? []),
    // What is required stands there; a binary has no such file.
    path: known.isBinary ? null : 'go.mod',
    helpUri: advisory?.link,
    package: ref,
    fixedIn,
    flow: flow.length <= maxFlow ? flow : [...flow.slice(0, 1), ...flow.slice(1 - maxFlow)],
    otherPlaces: calls.filter((call) => call.path !== flow[0]?.path || call.line !== flow[0].line),
  })
}

/** Go's database rates nothing; what is called weighs more than what is merely there, and govulncheck fails for it alone. */
function rateReach(reach: Reach, { seesCalls }: Known): 'high' | 'medium' | 'low' {
  if (reach === 'called') return 'high'
  return seesCalls ? 'low' : 'medium'
}

function describeReach({ reach, symbol, module }: Entry, { seesCalls, isBinary }: Known): string {
  if (reach === 'called') return isBinary ? `The program contains ${symbol}.` : `The code calls ${symbol}.`
  if (!seesCalls) return 'The scan did not look for calls.'
  return reach === 'imported'
    ? `The code imports ${symbol}, but calls nothing vulnerable of it.`
    : `The code requires ${module}, but imports nothing vulnerable of it.`
}
