import * as z from 'zod'
import type { Marker } from '../../domain/message-text.ts'
import { AppError, isAppError } from '../../lib/app-error.ts'
import { deletedWhenMissing } from '../deleted-when-missing.ts'
import { refuseItem } from '../refuse-item.ts'
import type { Fetched, ItemLinks, ItemRef, LinkableItem, TrackerItem } from '../tracker.ts'
import { isSameMarker, markerKeyInJira, markerLabel, markerProperties, readMarker } from './jira-marker.ts'
import { fetchIssue, issuePath, type JiraPlace, readIssue } from './jira-place.ts'
import { remote } from './schema.ts'

/** `SHOP-12`: https://support.atlassian.com/jira-cloud-administration/docs/what-are-issue-keys/ */
const issueKey = /^[A-Z][A-Z0-9_]+-[1-9]\d*$/

/** What keeping an issue in step takes, with how a sentence goes on after "may not". */
const needed: Readonly<Record<string, string>> = {
  EDIT_ISSUES: 'edit its issues',
  ADD_COMMENTS: 'comment on them',
  TRANSITION_ISSUES: 'move them to another status',
}

export function openLinks(place: JiraPlace): ItemLinks {
  return {
    find: (named) => findNamed(place, named),
    mark: ({ item, marker }) => mark(place, item, marker),
    unmark: ({ item, marker }) => unmark(place, item, marker),
  }
}

/** The key in what people paste: a key, the address of an issue, or of a board or list on which it is open. */
export function readIssueKey(named: string): string | undefined {
  const key = (URL.canParse(named) ? keyOfUrl(new URL(named)) : named).trim().toUpperCase()
  return issueKey.test(key) ? key : undefined
}

function keyOfUrl(url: URL): string {
  return url.searchParams.get('selectedIssue') ?? url.pathname.split('/').findLast((part) => part !== '') ?? ''
}

async function findNamed(place: JiraPlace, named: string): Promise<Fetched<LinkableItem>> {
  const key = readIssueKey(named)
  if (key === undefined) throw refuseItem('this is no key of a Jira issue, as in SHOP-12, and no address of one.')
  try {
    const { issue, item } = await readIssue(place, key, [markerKeyInJira])
    await requirePermissions(place, issue.fields.project.id)
    const marker = readMarker(issue.properties?.[markerKeyInJira], 'defect')
    return { kind: 'found', value: { item, marker } }
  } catch (error) {
    // One that is hidden from us and one that never was are answered alike.
    if (isAppError(error, 'remote_not_found')) return { kind: 'deleted' }
    throw error
  }
}

const permissions = z.object({ permissions: z.record(z.string(), z.object({ havePermission: z.boolean() })) })

async function requirePermissions({ client, lane }: JiraPlace, projectId: string): Promise<void> {
  const query = { projectId, permissions: Object.keys(needed).join(',') }
  const call = { what: 'read what the account may do', lane, schema: permissions, query }
  const { permissions: has } = await client.get('/rest/api/3/mypermissions', call)
  const missing = Object.entries(needed).filter(([name]) => has[name]?.havePermission !== true)
  if (missing.length === 0) return
  throw new AppError(
    'remote_forbidden',
    `In the project of this issue our account may not ${missing.map(([, act]) => act).join(', nor ')}. Give it a role there first.`,
  )
}

async function mark(place: JiraPlace, item: ItemRef, marker: Marker): Promise<Fetched<TrackerItem>> {
  const { client, lane } = place
  const properties = markerProperties(marker)
  const labels = [{ add: markerLabel(marker) }]
  const call = { what: 'mark an issue as ours', lane }
  return deletedWhenMissing(
    async () => {
      try {
        await client.write('PUT', issuePath(item), { ...call, body: { update: { labels }, properties } })
      } catch (error) {
        // Labels are not on every screen; the property is what counts.
        if (!isAppError(error, 'remote_refused')) throw error
        await client.write('PUT', issuePath(item), { ...call, body: { properties } })
      }
      return { kind: 'found', value: (await readIssue(place, remote.parse(item.remote).issue)).item }
    },
    () => fetchIssue(place, item),
  )
}

async function unmark(place: JiraPlace, item: ItemRef, marker: Marker): Promise<void> {
  const { client, lane } = place
  const path = issuePath(item)
  const found = await deletedWhenMissing(
    async () => ({
      kind: 'found' as const,
      value: (await readIssue(place, remote.parse(item.remote).issue, [markerKeyInJira])).issue,
    }),
    () => fetchIssue(place, item),
  )
  if (found.kind === 'deleted') return
  const call = { what: 'take our mark from an issue', lane }
  const labels = [{ remove: markerLabel(marker) }]
  try {
    await client.write('PUT', path, { ...call, body: { update: { labels } } })
  } catch (error) {
    if (!isAppError(error, 'remote_refused') && !isAppError(error, 'remote_not_found')) throw error
  }
  if (!isSameMarker(readMarker(found.value.properties?.[markerKeyInJira], 'defect'), marker)) return
  try {
    await client.delete(`${path}/properties/${markerKeyInJira}`, call)
  } catch (error) {
    if (!isAppError(error, 'remote_not_found')) throw error
  }
}
