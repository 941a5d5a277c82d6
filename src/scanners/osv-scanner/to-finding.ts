import { type PackageRef, spellEcosystem } from '../../domain/package-identity.ts'
import { aliasesOf } from '../advisory-aliases.ts'
import { describeDependency } from '../describe-dependency.ts'
import { imageWithoutTag } from '../image-name.ts'
import { type JsonObject, readList, readObject, readText } from '../json-fields.ts'
import { makeFinding } from '../make-finding.ts'
import { rateFinding } from '../rate-finding.ts'
import { readCwes } from '../read-cwes.ts'
import type { ReportFinding } from '../scanner.ts'

/** What OSV-Scanner takes for one advisory; `called` is false where it saw that the code is not reached. */
type Group = { ids: string[]; aliases: string[]; score: unknown; called: boolean | null }

export type OsvPackage = {
  package: JsonObject
  groups: Group[]
  /** The ids of the advisories that are listed. */
  present: Set<string>
  usedFor: string[]
}

export function readGroups(value: unknown): Group[] {
  return readList(value).map((one) => {
    const group = readObject(one)
    const analysis = readObject(group['experimental_analysis'] ?? group['experimentalAnalysis'])
    const calls = Object.values(analysis).map((each) => readObject(each)['called'])
    return {
      ids: texts(group['ids']),
      aliases: texts(group['aliases']),
      score: group['max_severity'],
      called: calls.length === 0 ? null : calls.some((call) => call !== false),
    }
  })
}

/**
 * The group of an advisory, and which of its names stand for it. Two of GitHub's advisories are two problems always: where
 * a group has both, a third database mixed them up.
 */
export function findGroup({ groups, present }: OsvPackage, id: string): Group & { heads: string[] } {
  const group = groups.find(({ ids }) => ids.includes(id)) ?? { ids: [id], aliases: [], score: null, called: null }
  const listed = group.ids.filter((one) => present.has(one))
  const reviewed = listed.filter((one) => one.startsWith('GHSA-'))
  return { ...group, heads: reviewed.length > 0 ? reviewed : listed.slice(0, 1) }
}

type Beside = { known: OsvPackage; group: Group; source: { path: string; type: string } }

export function toFinding(value: unknown, { known, group, source }: Beside): ReportFinding {
  const entry = readObject(value)
  const id = readText(entry['id']) ?? ''
  const affected = readList(entry['affected']).map(readObject)
  const ref = readPackage(known.package, { affected, path: source.path })
  const ownAffected = affected.filter((one) => isAbout(one, ref))
  const fixedIn = listFixes(ownAffected).join(', ') || null
  const details = readText(entry['details']) ?? ''
  const database = readObject(entry['database_specific'])
  const severities = [entry, ...ownAffected]
    .flatMap((one) => readList(one['severity']))
    .map((one) => readObject(one)['score'])
  return makeFinding({
    kind: 'dependency',
    scanner: 'OSV-Scanner',
    ruleId: id,
    title: readText(entry['summary']) ?? (details || `${id} in ${ref.name}`),
    message: describeDependency({ package: ref, fixedIn, notes: listNotes(known, group) }),
    description: details,
    ...rateFinding({
      word: database['severity'],
      vectors: severities.toReversed(),
      scores: [group.score],
      // Packages that do harm on purpose have no score.
      otherwise: id.startsWith('MAL-') ? 'critical' : 'medium',
    }),
    cwes: readCwes(database['cwe_ids']),
    aliases: listAliases(id, entry, group),
    path: source.type === 'docker' ? imageWithoutTag(source.path) : source.path,
    helpUri: id === '' ? null : `https://osv.dev/vulnerability/${encodeURIComponent(id.toWellFormed())}`,
    package: ref,
    fixedIn,
  })
}

/** A folder of C code has no package: then it is the repository that the advisory is about, in no version. */
function readPackage(own: JsonObject, { affected, path }: { affected: JsonObject[]; path: string }): PackageRef {
  const name = readText(own['name'])
  const ecosystem = spellEcosystem(readText(own['ecosystem']) ?? '')
  if (name !== undefined) return { ecosystem: ecosystem || 'generic', name, version: readText(own['version']) ?? null }
  const ranges = affected.flatMap((one) => readList(one['ranges'])).map(readObject)
  const repository = ranges.map((range) => readText(range['repo'])).find((one) => one !== undefined)
  const bare = (repository ?? path).replace(/^https?:\/\//, '').replace(/\.git$/, '')
  return { ecosystem: 'generic', name: bare, version: null }
}

function isAbout(affected: JsonObject, ref: PackageRef): boolean {
  const { name, ecosystem } = readObject(affected['package'])
  return (
    readText(name)?.toLowerCase() === ref.name.toLowerCase() &&
    spellEcosystem(readText(ecosystem) ?? '') === ref.ecosystem
  )
}

function listFixes(affected: readonly JsonObject[]): string[] {
  const ranges = affected.flatMap((one) => readList(one['ranges'])).map(readObject)
  const events = ranges.filter((range) => range['type'] !== 'GIT').flatMap((range) => readList(range['events']))
  return [...new Set(events.flatMap((event) => readText(readObject(event)['fixed']) ?? []))]
}

/**
 * Names of others in the group count as well. Where databases mixed several CVEs up, the one whose page the advisory refers
 * to is its own.
 */
function listAliases(id: string, entry: JsonObject, group: Group): string[] {
  // A distribution's entry of one CVE names it as what stands upstream.
  const names = [...texts(entry['aliases']), ...texts(entry['upstream']), ...group.aliases, ...group.ids]
  const plain = aliasesOf(id, names)
  if (plain.some((name) => name.startsWith('CVE-'))) return plain
  const urls = readList(entry['references']).flatMap((one) => readText(readObject(one)['url']) ?? [])
  const linked = urls.flatMap((url) => /^https:\/\/nvd\.nist\.gov\/vuln\/detail\/(CVE-[\d-]+)/i.exec(url)?.[1] ?? [])
  return aliasesOf(id, [...plain, ...linked.filter((name) => names.includes(name))])
}

function listNotes({ usedFor }: OsvPackage, { called }: Group): string[] {
  return [
    ...(usedFor.length > 0 ? [`It is used for ${usedFor.join(', ')}.`] : []),
    ...(called === false ? ['The vulnerable code is not called.'] : []),
  ]
}

function texts(value: unknown): string[] {
  return readList(value).flatMap((one) => readText(one) ?? [])
}
