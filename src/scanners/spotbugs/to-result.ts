import type { Severity } from '../../domain/severity.ts'
import { found, skipped } from '../define-format.ts'
import { makeFinding } from '../make-finding.ts'
import { type Rating, rateFinding } from '../rate-finding.ts'
import { readCwes } from '../read-cwes.ts'
import { readLine } from '../read-line.ts'
import type { Place, ReportResult } from '../scanner.ts'
import { attributeOf, childOf, childrenOf, textOf, type XmlElement } from '../xml-element.ts'

/** What the report says of a type of bug, by the type. */
export type Patterns = Map<string, { title: string; description: string; cwes: number[] }>

/** https://github.com/spotbugs/spotbugs/blob/master/spotbugs/src/main/java/edu/umd/cs/findbugs/Priorities.java */
const priorities: ReadonlyMap<string, Severity> = new Map([
  ['1', 'high'],
  ['2', 'medium'],
  ['3', 'low'],
  ['4', 'notification'],
  ['5', 'notification'],
])
/** Words by which people put a bug aside in SpotBugs's own window. */
const dismissals = new Set(['NOT_A_BUG', 'BAD_ANALYSIS', 'MOSTLY_HARMLESS', 'OBSOLETE_CODE'])

export function toResult(bug: XmlElement, patterns: Patterns): ReportResult {
  const type = attributeOf(bug, 'type') ?? ''
  const source = findSource(bug)
  const path = attributeOf(source, 'sourcepath')
  // A report that was merged with older ones keeps what is gone, with the number of the version that had it last.
  const last = attributeOf(bug, 'last')
  if (last !== undefined && last !== '-1')
    return skipped('fixed', `${type} in ${path ?? ''}`, 'It was there in an earlier version.')
  const pattern = patterns.get(type)
  const message = textOf(bug, 'LongMessage') ?? textOf(bug, 'ShortMessage') ?? pattern?.title ?? type
  const startLine = readLine(attributeOf(source, 'start'))
  const told = readCwes(attributeOf(bug, 'cweid'))
  return found(
    makeFinding({
      kind: 'code',
      scanner: 'SpotBugs',
      ruleId: type,
      title: textOf(bug, 'ShortMessage') ?? pattern?.title ?? type,
      message: [message, describeMethod(bug)].filter((part) => part !== '').join('\n'),
      description: pattern?.description ?? '',
      ...rate(bug),
      cwes: told.length > 0 ? told : (pattern?.cwes ?? []),
      tags: [attributeOf(bug, 'category') ?? ''],
      path,
      startLine,
      endLine: readLine(attributeOf(source, 'end')) ?? startLine,
      helpUri: toHelp(bug, type),
      // Made of type, classes and signatures; those that share it are told apart by their place.
      fingerprint: attributeOf(bug, 'instanceHash'),
      otherPlaces: readOthers(bug, source),
      suppressed: readSuppression(bug),
    }),
  )
}

/** The line itself, else what it stands in: method, field, class. */
function findSource(bug: XmlElement): XmlElement | undefined {
  const lines = childrenOf(bug, 'SourceLine')
  const line = lines.find((one) => attributeOf(one, 'primary') === 'true') ?? lines[0]
  const around = ['Method', 'Field', 'Class'].map((name) => childOf(childOf(bug, name), 'SourceLine'))
  return [line, ...around].find((one) => attributeOf(one, 'sourcepath') !== undefined)
}

function readOthers(bug: XmlElement, source: XmlElement | undefined): Place[] {
  return childrenOf(bug, 'SourceLine').flatMap((line) => {
    const path = attributeOf(line, 'sourcepath')
    const start = readLine(attributeOf(line, 'start'))
    if (line === source || path === undefined || start === null) return []
    return [{ path, line: start, message: attributeOf(line, 'role') ?? null }]
  })
}

/** Without a line's text, the method is what tells one bug of a type from another. */
function describeMethod(bug: XmlElement): string {
  const methods = childrenOf(bug, 'Method')
  const method = methods.find((one) => attributeOf(one, 'primary') === 'true') ?? methods[0]
  const name = attributeOf(method, 'name')
  const owner = attributeOf(method ?? childOf(bug, 'Class'), 'classname')
  if (owner === undefined) return ''
  return name === undefined ? `In ${owner}` : `In ${owner}.${name}`
}

/** How sure SpotBugs is (1 to 3); a report that leaves it away has the rank (1 to 20, the scariest first). */
function rate(bug: XmlElement): Rating {
  const priority = attributeOf(bug, 'priority')
  if (priority !== undefined) return rateFinding({ word: priority, words: priorities })
  const rank = readLine(attributeOf(bug, 'rank'))
  if (rank === null) return rateFinding({ word: undefined })
  return rateFinding({ word: rank <= 9 ? 'high' : rank <= 14 ? 'medium' : 'low' })
}

/** Find Security Bugs describes its own types; their abbreviations begin with SEC. */
function toHelp(bug: XmlElement, type: string): string | null {
  if (type === '') return null
  const isSecurity = attributeOf(bug, 'abbrev')?.startsWith('SEC') === true
  const page = isSecurity ? 'https://find-sec-bugs.github.io/bugs.htm' : bugDescriptions
  return isSecurity ? `${page}#${type}` : page
}

const bugDescriptions = 'https://spotbugs.readthedocs.io/en/latest/bugDescriptions.html'

function readSuppression(bug: XmlElement): string | null {
  const annotation = childOf(bug, 'UserAnnotation')
  const designation = attributeOf(annotation, 'designation')
  if (designation === undefined || !dismissals.has(designation)) return null
  return textOf(annotation) ?? `Marked as ${designation}`
}
