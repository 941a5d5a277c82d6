import * as z from 'zod'
import { AppError, isAppError } from '../../lib/app-error.ts'
import { segment } from '../../lib/rest-client.ts'
import { deletedWhenMissing } from '../deleted-when-missing.ts'
import type { Fetched, ItemRef, JiraOpening, TrackerItem } from '../tracker.ts'
import { toTrackerFile } from './jira-file.ts'
import { issueFields, type RemoteIssue, remote, remoteIssue } from './schema.ts'

/** One Jira site with one credential. */
export type JiraPlace = JiraOpening

export function issuePath(item: ItemRef): string {
  return `/rest/api/3/issue/${segment(remote.parse(item.remote).issue)}`
}

const remoteProject = z.object({ id: z.string(), key: z.string() })

/** Throws `remote_forbidden` for a project that is not shown to us: then nobody knows what became of its issues. */
export async function requireProject(place: JiraPlace, project: string): Promise<z.output<typeof remoteProject>> {
  const { client, lane } = place
  try {
    const call = { what: 'see the project', lane, schema: remoteProject }
    return await client.get(`/rest/api/3/project/${segment(project)}`, call)
  } catch (error) {
    if (!isAppError(error, 'remote_not_found')) throw error
    throw new AppError(
      'remote_forbidden',
      'Jira no longer shows this project to our credential, so nobody can tell what became of its issues. Nothing is taken for deleted; the work waits. Give the account access to the project again.',
      { cause: error, ...(error.meta !== undefined && { meta: error.meta }) },
    )
  }
}

/** Asked after a 404 on an issue: it is only believed to be gone while the project it was in is seen. */
export async function requireProjectOf(place: JiraPlace, item: ItemRef): Promise<void> {
  await requireProject(place, remote.parse(item.remote).project)
}

/** By id or key. Throws `remote_not_found`. */
export async function readIssue(
  { client, lane, siteUrl }: JiraPlace,
  idOrKey: string,
  properties: readonly string[] = [],
): Promise<{ issue: RemoteIssue; item: TrackerItem }> {
  const query = {
    fields: issueFields.join(','),
    ...(properties.length > 0 && { properties: properties.join(',') }),
  }
  const call = { what: 'read an issue', lane, schema: remoteIssue, query }
  const issue = await client.get(`/rest/api/3/issue/${segment(idOrKey)}`, call)
  return { issue, item: toItem(issue, siteUrl) }
}

/** `confirm` stands in for the look at the project where many issues are asked for in a row. */
export async function fetchIssue(
  place: JiraPlace,
  item: ItemRef,
  confirm: () => Promise<unknown> = () => requireProjectOf(place, item),
): Promise<Fetched<TrackerItem>> {
  return deletedWhenMissing(
    async () => ({ kind: 'found', value: (await readIssue(place, remote.parse(item.remote).issue)).item }),
    confirm,
  )
}

export function browseUrl(siteUrl: string, key: string): string {
  return `${siteUrl}/browse/${key}`
}

/** An issue asks for no more work in a status of the category *done*, whatever the status is called. */
export function toItem({ id, key, fields }: RemoteIssue, siteUrl: string): TrackerItem {
  return {
    remoteId: id,
    remote: { issue: id, project: fields.project.id },
    url: browseUrl(siteUrl, key),
    version: fields.updated,
    state: fields.status.statusCategory.key === 'done' ? 'closed' : 'open',
    remoteState: fields.status.name,
    shown: {
      title: fields.summary ?? '',
      priority: fields.priority?.name ?? null,
      dueOn: fields.duedate ?? null,
      labels: fields.labels ?? [],
    },
    ...(Array.isArray(fields.attachment) && { files: fields.attachment.map((file) => toTrackerFile(file, siteUrl)) }),
  }
}
