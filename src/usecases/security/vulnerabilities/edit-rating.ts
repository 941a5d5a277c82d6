import { type HandRating, type Rated, rateByHand } from '../../../domain/rate-by-hand.ts'
import type { Severity } from '../../../domain/severity.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Editable, RatingColumns } from '../../../store/security/vulnerability-edits.ts'
import type { FieldEdit } from './edit-words.ts'

export type RatingWish = {
  severity?: Severity | undefined
  impact?: number | undefined
  probability?: number | undefined
  cvss_vector?: string | undefined
  severity_reason?: string | undefined
}

/**
 * A person's own severity, beside which the scan's word is kept. Throws `validation_failed` when several ways to rate are
 * mixed, one is half or the vector is none, and `reason_required`.
 */
export function editRating(before: Editable, wish: RatingWish): FieldEdit[] {
  const rating = readRating(wish)
  if (rating === undefined) return []
  const rated = rateByHand(rating)
  if (rated === undefined)
    throw new AppError(
      'validation_failed',
      rating.kind === 'cvss'
        ? 'cvss_vector: this is not a whole CVSS vector of version 2, 3.0, 3.1 or 4.0. Copy it from the advisory or a calculator, or pick a level.'
        : 'impact and probability: each is 1 (low), 2 (medium) or 3 (high).',
    )
  const reason = wish.severity_reason?.trim() ?? ''
  if (reason === '')
    throw new AppError('reason_required', 'severity_reason: say why it is rated so; it is shown beside the severity.')
  const edit = rate(before, { rated, reason })
  return isSame(before, edit) ? [] : [toFieldEdit(before, edit, reason)]
}

/** The one way of rating that is given, or undefined. Throws `validation_failed` for several, or half of one. */
export function readRating(wish: RatingWish): HandRating | undefined {
  const { severity, impact, probability, cvss_vector: vector } = wish
  const ways = [severity, impact ?? probability, vector].filter((way) => way !== undefined)
  if (ways.length > 1)
    throw new AppError(
      'validation_failed',
      'severity: rate in one way: by a level, by impact and probability, or by a CVSS vector.',
    )
  if (severity !== undefined) return { kind: 'level', severity }
  if (vector !== undefined) return { kind: 'cvss', vector }
  if (impact === undefined && probability === undefined) return undefined
  if (impact === undefined || probability === undefined)
    throw new AppError('validation_failed', 'impact and probability: give both, each from 1 to 3.')
  return { kind: 'impact', impact, probability }
}

/** What the scan says of the severity, whoever's word is shown; undefined where nobody scanned. */
export function scanRatingOf(row: Editable) {
  if (row.source === 'person') return undefined
  const hasOwnVector = row.scan_severity !== null && row.severity_source === 'cvss'
  const { severity_source: shown } = row
  return {
    severity: row.scan_severity ?? row.severity,
    source: row.scan_severity_source ?? (shown === 'cvss' ? ('cvss' as const) : ('tool' as const)),
    vector: hasOwnVector ? row.scan_cvss_vector : row.cvss_vector,
    score: hasOwnVector ? row.scan_cvss_score : row.cvss_score,
  }
}

function rate(before: Editable, { rated, reason }: { rated: Rated; reason: string }): RatingColumns {
  const scan = scanRatingOf(before)
  const isVector = rated.source === 'cvss'
  return {
    severity: rated.severity,
    severity_source: rated.source,
    severity_reason: reason,
    impact: rated.impact,
    probability: rated.probability,
    cvss_vector: isVector ? rated.cvssVector : (scan?.vector ?? null),
    cvss_score: isVector ? String(rated.cvssScore) : (scan?.score ?? null),
    scan_severity: scan?.severity ?? null,
    scan_severity_source: scan?.source ?? null,
    scan_cvss_vector: isVector ? (scan?.vector ?? null) : null,
    scan_cvss_score: isVector ? (scan?.score ?? null) : null,
  }
}

/** The scan's word again. Nothing where it is the one shown. Throws `validation_failed` where nobody scanned. */
export function resetRating(before: Editable): FieldEdit[] {
  const scan = scanRatingOf(before)
  if (scan === undefined)
    throw new AppError('validation_failed', 'reset: this vulnerability was written down by a person; no scan rates it.')
  if (before.scan_severity === null) return []
  const edit: RatingColumns = {
    severity: scan.severity,
    severity_source: scan.source,
    severity_reason: null,
    impact: null,
    probability: null,
    cvss_vector: scan.vector,
    cvss_score: scan.score,
    scan_severity: null,
    scan_severity_source: null,
    scan_cvss_vector: null,
    scan_cvss_score: null,
  }
  return [toFieldEdit(before, edit, null)]
}

function isSame(before: Editable, edit: RatingColumns): boolean {
  return (
    before.severity === edit.severity &&
    before.severity_source === edit.severity_source &&
    before.severity_reason === edit.severity_reason &&
    before.impact === edit.impact &&
    before.probability === edit.probability &&
    before.cvss_vector === edit.cvss_vector
  )
}

function toFieldEdit(before: Editable, edit: RatingColumns, reason: string | null): FieldEdit {
  return { kind: 'severity', edit, before: describe(before), after: describe(edit), reason }
}

type Told = Pick<RatingColumns, 'severity' | 'severity_source' | 'impact' | 'probability' | 'cvss_vector'>

function describe({ severity, severity_source: source, impact, probability, cvss_vector: vector }: Told) {
  return {
    severity,
    severity_source: source,
    ...(source === 'impact' && { impact, probability }),
    ...(source === 'cvss' && { cvss_vector: vector }),
  }
}
