import { type RawBuilder, sql } from 'kysely'

type Expression = RawBuilder<unknown>
type Words = Record<'title' | 'description' | 'severity' | 'source' | 'vector' | 'score', Expression>

/** A person's own vector is the shown one; a level or two ratings leave that of the scan where it is. */
const hasOwnVector = sql`(v.scan_severity is not null and v.severity_source = 'cvss')`

/**
 * The assignments to `vulnerability v` that take in what the scan says now: as the shown words where nobody said
 * otherwise, else beside a person's.
 */
export function keepPersonsWords(scan: Words): Expression {
  return sql`
    title = case when v.scan_title is null then ${scan.title} else v.title end,
    scan_title = case when v.scan_title is null then null else ${scan.title} end,
    description = case when v.scan_description is null then ${scan.description} else v.description end,
    scan_description = case when v.scan_description is null then null else ${scan.description} end,
    severity = case when v.scan_severity is null then ${scan.severity} else v.severity end,
    severity_source = case when v.scan_severity is null then ${scan.source} else v.severity_source end,
    scan_severity = case when v.scan_severity is null then null else ${scan.severity} end,
    scan_severity_source = case when v.scan_severity is null then null else ${scan.source} end,
    cvss_vector = case when ${hasOwnVector} then v.cvss_vector else ${scan.vector} end,
    cvss_score = case when ${hasOwnVector} then v.cvss_score else ${scan.score} end,
    scan_cvss_vector = case when ${hasOwnVector} then ${scan.vector} end,
    scan_cvss_score = case when ${hasOwnVector} then ${scan.score} end`
}

/** What the scan said in a row of an earlier moment, whose alias is `o`. */
export const wordsBefore: Words = {
  title: sql`coalesce(o.scan_title, o.title)`,
  description: sql`coalesce(o.scan_description, o.description)`,
  severity: sql`coalesce(o.scan_severity, o.severity)`,
  source: sql`coalesce(o.scan_severity_source, o.severity_source)`,
  vector: sql`case when o.scan_severity is not null and o.severity_source = 'cvss' then o.scan_cvss_vector else o.cvss_vector end`,
  score: sql`case when o.scan_severity is not null and o.severity_source = 'cvss' then o.scan_cvss_score else o.cvss_score end`,
}
