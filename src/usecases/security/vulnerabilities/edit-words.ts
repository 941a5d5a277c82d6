import type { Edit, Editable } from '../../../store/security/vulnerability-edits.ts'

/** A field that a person changed: what to write, and what history says of it. */
export type FieldEdit = {
  kind: 'title' | 'description' | 'severity' | 'tags'
  edit: Edit
  before: Readonly<Record<string, unknown>>
  after: Readonly<Record<string, unknown>>
  reason: string | null
}

/** Tags as a person wants them, each once. */
export function editTags(before: Editable, wanted: readonly string[] | undefined): FieldEdit[] {
  if (wanted === undefined) return []
  const tags = [...new Set(wanted)]
  if (tags.length === before.tags.length && tags.every((tag) => before.tags.includes(tag))) return []
  return [{ kind: 'tags', edit: { tags }, before: { tags: before.tags }, after: { tags }, reason: null }]
}

type Words = { title?: string | undefined; description?: string | undefined }

/**
 * Title and description as a person wants them. The scan's words are kept beside theirs; what nobody scanned has only the
 * person's. Words that are the scan's own again are no longer an override.
 */
export function editWords(before: Editable, wanted: Words): FieldEdit[] {
  return [...editTitle(before, wanted.title), ...editDescription(before, wanted.description)]
}

function editTitle(before: Editable, wanted: string | undefined): FieldEdit[] {
  if (wanted === undefined || (wanted === before.title && wanted !== before.scan_title)) return []
  const scan = before.source === 'person' ? null : (before.scan_title ?? before.title)
  const edit = { title: wanted, scan_title: scan === wanted ? null : scan }
  return [{ kind: 'title', edit, before: { title: before.title }, after: { title: wanted }, reason: null }]
}

function editDescription(before: Editable, wanted: string | undefined): FieldEdit[] {
  if (wanted === undefined || (wanted === before.description && wanted !== before.scan_description)) return []
  const scan = before.source === 'person' ? null : (before.scan_description ?? before.description)
  const edit = { description: wanted, scan_description: scan === wanted ? null : scan }
  const said = { before: { description: before.description }, after: { description: wanted } }
  return [{ kind: 'description', edit, ...said, reason: null }]
}
