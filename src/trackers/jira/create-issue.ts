import * as z from 'zod'
import { composeItemBody, composeItemTitle, type ItemContent } from '../../domain/item-text.ts'
import type { Marker } from '../../domain/message-text.ts'
import { AppError, isAppError } from '../../lib/app-error.ts'
import type { ItemTarget, TrackerItem } from '../tracker.ts'
import { toItemDocument } from './item-document.ts'
import { wishFields } from './jira-fields.ts'
import { markerLabel, markerProperties } from './jira-marker.ts'
import { browseUrl, type JiraPlace, readIssue, requireProject } from './jira-place.ts'
import { remote as itemRemote, settings, target } from './schema.ts'

type Wish = { target: ItemTarget; content: ItemContent; marker: Marker }

/** What an issue can do without where the project's screen does not show it. */
const optional = ['priority', 'duedate', 'labels']

const created = z.object({ id: z.string(), key: z.string() })
const refusedFields = z.record(z.string(), z.string())

/** Makes the issue with what the route says of its fields. Throws `remote_refused` naming the fields Jira does not take. */
export async function createIssue(place: JiraPlace, wish: Wish): Promise<TrackerItem> {
  const fields = composeFields(place, wish)
  const { id, key, refused } = await withoutHidden(place, { fields, marker: wish.marker })
  const { project, issueType } = target.parse(wish.target.remote)
  // The answer names id and key alone. Where issues of this kind begin is the same for each of them: one look tells.
  const first = await place.remember(`begins:${project}:${issueType}`, async () => (await readIssue(place, id)).item)
  if (first.remoteId === id) return first
  const remote = { ...itemRemote.parse(first.remote), issue: id }
  const { shown: _, files: __, ...begun } = first
  const wished = wishFields(place.settings, wish.content)
  // What was left out is as Jira begins with, which nobody looked at.
  const shown = wished && {
    ...wished,
    ...(refused.includes('priority') && { priority: null }),
    ...(refused.includes('duedate') && { dueOn: null }),
  }
  const made = { ...begun, remoteId: id, remote, url: browseUrl(place.siteUrl, key), version: '' }
  return shown === undefined ? made : { ...made, shown }
}

function composeFields(place: JiraPlace, { target: to, content, marker }: Wish): Record<string, unknown> {
  const route = settings.parse(place.settings)
  const { project, issueType } = target.parse(to.remote)
  const priority = route.priorities[content.severity]
  const dueAt = route.dueDate ? (content.dueAt ?? null) : null
  return {
    ...(priority !== undefined && { priority: { name: priority } }),
    ...(dueAt !== null && { duedate: dueAt.toISOString().slice(0, 10) }),
    ...route.fields,
    project: /^\d+$/.test(project) ? { id: project } : { key: project },
    issuetype: { id: issueType },
    summary: composeItemTitle(content),
    description: toItemDocument(composeItemBody(content, { kind: 'issue', marker })),
    labels: [...new Set([...route.labels, markerLabel(marker)])],
  }
}

type Draft = { fields: Record<string, unknown>; marker: Marker }

/** A 400 has created nothing, so what the screen does not show is left out and the rest sent once more. */
async function withoutHidden(
  place: JiraPlace,
  draft: Draft,
): Promise<z.output<typeof created> & { refused: readonly string[] }> {
  try {
    return { ...(await post(place, draft)), refused: [] }
  } catch (error) {
    const refused = Object.keys(readRefused(error))
    if (refused.length === 0 || !refused.every((field) => optional.includes(field)))
      throw await explain(place, draft, error)
    const fields = Object.fromEntries(Object.entries(draft.fields).filter(([field]) => !refused.includes(field)))
    try {
      return { ...(await post(place, { ...draft, fields })), refused }
    } catch (again) {
      throw await explain(place, draft, again)
    }
  }
}

function post({ client, lane }: JiraPlace, { fields, marker }: Draft): Promise<z.output<typeof created>> {
  const body = { fields, properties: markerProperties(marker) }
  return client.post('/rest/api/3/issue', { what: 'create an issue', lane, schema: created, body })
}

function readRefused(error: unknown): Record<string, string> {
  if (!isAppError(error, 'remote_refused')) return {}
  return refusedFields.safeParse(error.meta?.['remote_fields']).data ?? {}
}

/** A hidden project comes as a wrong one: then the work waits for access instead of asking a person for other settings. */
async function explain(place: JiraPlace, { fields }: Draft, error: unknown): Promise<unknown> {
  const refused = readRefused(error)
  if (isAppError(error, 'remote_not_found') || 'project' in refused) {
    const { id, key } = projectOf.parse(fields['project'])
    await requireProject(place, id ?? key ?? '')
  }
  if (!isAppError(error) || Object.keys(refused).length === 0) return error
  const said = Object.entries(refused).map(([field, reason]) => `${field}: ${reason}`)
  return new AppError(
    'remote_refused',
    `Jira does not take the issue as the route describes it (${said.join('; ')}). Set these fields in the route and send it again.`,
    { cause: error, ...(error.meta !== undefined && { meta: error.meta }) },
  )
}

const projectOf = z.object({ id: z.string().optional(), key: z.string().optional() })
