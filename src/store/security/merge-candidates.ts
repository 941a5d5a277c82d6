import { type RawBuilder, sql } from 'kysely'
import { type Comparable, isRule, namesOf, nearLines } from '../../domain/likeness.ts'
import type { Severity } from '../../domain/severity.ts'
import type { Status } from '../../domain/status.ts'
import type { Db } from '../db.ts'
import { whereText } from './vulnerability-text.ts'

/** A vulnerability, as far as it is compared with another one and shown beside it. */
export type Candidate = Comparable & {
  id: string
  number: number
  severity: Severity
  status: Status
  assetId: string
  branch: string
}

/** Vulnerabilities in the order of `ids`; unknown ids are left out. */
export async function listCandidates(
  db: Db,
  { organizationId, ids }: { organizationId: string; ids: readonly string[] },
): Promise<Candidate[]> {
  if (ids.length === 0) return []
  const found = await sql<Candidate>`
    select v.id, v.number, v.title, v.severity, v.status, v.asset_id as "assetId", v.branch, v.kind, v.source, v.scanner,
      v.rule_id as "ruleId", v.path, v.line, v.cwes, v.aliases,
      array(select distinct f.package_key from finding f
        where f.organization_id = v.organization_id and f.vulnerability_id = v.id and f.package_key is not null) as packages
    from vulnerability v where v.organization_id = ${organizationId}::uuid and v.id = any(${[...ids]}::uuid[])`.execute(
    db,
  )
  const byId = new Map(found.rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** How many a reason brings at most: those that are open, and those that are not. */
const mostOpen = 30
const mostClosed = 10

/** More names or CWEs than these tell the same again. */
const mostValues = 6

/** A reason to look for: the keys that have to be there, as `vulnerability_likeness` spells them. */
type Wanted = { keys: string[]; lines: [number, number] | null; not_scanner: string | null }

function toWanted(...keys: string[]): Wanted {
  return { keys, lines: null, not_scanner: null }
}

function listWanted(one: Candidate): Wanted[] {
  const { path, line, kind, scanner } = one
  const file = path === null ? [] : [`f${path}`]
  const rule = isRule(one) ? [`r${one.ruleId}`] : []
  const names = namesOf(one).slice(0, mostValues)
  const cwes = one.cwes.slice(0, mostValues).map((cwe) => `c${cwe}`)
  const isTwin = path !== null && kind !== 'dependency'
  const twin = (more: string[], lines: [number, number] | null) =>
    isTwin ? [{ keys: [...file, ...more], lines, not_scanner: scanner }] : []
  return [
    ...(line === null ? [] : twin([], [line - nearLines, line + nearLines])),
    ...cwes.flatMap((cwe) => twin([cwe], null)),
    ...names.map((name) => toWanted(`n${name}`)),
    ...file.flatMap((place) => rule.map((key) => toWanted(place, key))),
    ...[...rule, `t${one.title}`, ...file, ...cwes].map((key) => toWanted(key)),
  ]
}

/** Of what a reason brings, a search reads no further; what else fits it is found by the search itself. */
const mostRead = 2000

const keysOfRow = sql`vulnerability_likeness(v.asset_id, v.branch, v.is_open, v.kind, v.source, v.rule_id, v.title, v.path,
  v.cwes, v.aliases)`

type Asked = { organizationId: string; one: Candidate; q?: string | undefined }

/**
 * Ids of what has something in common with a vulnerability, of its asset and branch and not merged away, some tens for each
 * reason; of those that fit a search, where there is one.
 */
export async function listAlikeIds(db: Db, asked: Asked): Promise<string[]> {
  const found = await selectAlike(asked).execute(db)
  return found.rows.map((row) => row.id)
}

/** The statement itself, for whoever wants to see its plan. */
export function selectAlike({ organizationId, one, q }: Asked): RawBuilder<{ id: string }> {
  const text = whereText(q)
  return sql<{ id: string }>`
    with wanted as (
      select w.lines, w.not_scanner, h.most, array(
        select likeness_key(k, likeness_seed(${one.assetId}::uuid, ${one.branch}, h.is_open)) from unnest(w.keys) k) as keys
      from json_to_recordset(${JSON.stringify(listWanted(one))}::json) as w(keys text[], lines integer[], not_scanner text)
      cross join (values (true, ${mostOpen}::integer), (false, ${mostClosed}::integer)) as h(is_open, most)
    )
    select distinct alike.id from wanted w cross join lateral (
      select v.id from (
        select v.id, v.organization_id, v.number, v.title, v.path, v.rule_id, v.aliases, v.words from vulnerability v
        where v.organization_id = ${organizationId}::uuid and v.merged_into is null and v.id <> ${one.id}::uuid
          and ${keysOfRow} @> w.keys and (w.lines is null or v.line between w.lines[1] and w.lines[2])
          and (w.not_scanner is null or v.scanner <> w.not_scanner)
        limit ${text.length === 0 ? sql`w.most` : sql`${mostRead}`}
      ) as v where ${sql.join([sql`true`, ...text], sql` and `)} limit w.most
    ) as alike`
}
