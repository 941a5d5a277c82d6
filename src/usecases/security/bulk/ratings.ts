import * as z from 'zod'
import { type Severity, severities } from '../../../domain/severity.ts'
import type { EditableRow } from '../../../store/security/bulk-edits.ts'
import type { RatingColumns } from '../../../store/security/vulnerability-edits.ts'
import { editRating, scanRatingOf } from '../vulnerabilities/edit-rating.ts'
import type { FieldEdit } from '../vulnerabilities/edit-words.ts'

const text = z.string().nullable()

/** All that rating by hand sets, as undoing brings it back. */
export const ratingBefore = z.object({
  severity: z.enum(severities),
  severity_source: z.enum(['cvss', 'tool', 'person', 'impact']),
  severity_reason: text,
  impact: z.number().nullable(),
  probability: z.number().nullable(),
  cvss_vector: text,
  cvss_score: text,
  scan_severity: z.enum(severities).nullable(),
  scan_severity_source: z.enum(['cvss', 'tool']).nullable(),
  scan_cvss_vector: text,
  scan_cvss_score: text,
})

export function toRating(row: EditableRow): RatingColumns {
  return ratingBefore.parse(row)
}

type Rated = Pick<FieldEdit, 'before' | 'after'> & { columns: RatingColumns }

/** The same as rating one by hand; nothing where it is rated so, for the same reason. */
export function rateLevel(row: EditableRow, { severity, reason }: { severity: Severity; reason: string }): Rated[] {
  return editRating(row, { severity, severity_reason: reason }).map(({ edit, before, after }) => {
    return { before, after, columns: ratingBefore.parse({ ...row, ...edit }) }
  })
}

/** What it was rated before a person said otherwise: where that was the scan's word, the scan's word of now. */
export function bringRatingBack(row: EditableRow, before: RatingColumns): RatingColumns {
  const scan = scanRatingOf(row)
  if (scan === undefined) return before
  const { severity, source, vector, score } = scan
  if (before.scan_severity === null)
    return { ...before, severity, severity_source: source, cvss_vector: vector, cvss_score: score }
  const beside = { scan_severity: severity, scan_severity_source: source }
  return before.severity_source === 'cvss'
    ? { ...before, ...beside, scan_cvss_vector: vector, scan_cvss_score: score }
    : { ...before, ...beside, cvss_vector: vector, cvss_score: score }
}
