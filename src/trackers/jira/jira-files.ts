import * as z from 'zod'
import { AppError, isAppError } from '../../lib/app-error.ts'
import { segment } from '../../lib/rest-client.ts'
import { deletedWhenMissing } from '../deleted-when-missing.ts'
import type { Fetched, ItemFiles, ItemRef, TrackerFile } from '../tracker.ts'
import { remoteFile, remoteFiles, toTrackerFile } from './jira-file.ts'
import { fetchIssue, issuePath, type JiraPlace } from './jira-place.ts'

/** The files of issues: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-attachments/ */
export function jiraFiles(place: JiraPlace): ItemFiles {
  const { client, lane } = place
  const inIssue = <Value>(item: ItemRef, ask: () => Promise<Fetched<Value>>) =>
    deletedWhenMissing(ask, () => fetchIssue(place, item))
  return {
    list: (item) => inIssue(item, async () => ({ kind: 'found', value: await listFiles(place, item) })),
    upload: async ({ item, file }) => {
      const call = { what: 'add a file to an issue', lane, schema: z.array(remoteFile) }
      const send = async (): Promise<Fetched<TrackerFile>> => {
        const [made] = await client.upload(`${issuePath(item)}/attachments`, file, call)
        if (made === undefined) throw new AppError('remote_invalid_answer', 'Jira took the file without a word.')
        return { kind: 'found', value: toTrackerFile(made, place.siteUrl) }
      }
      try {
        return await send()
      } catch (error) {
        if (!isAppError(error, 'remote_not_found')) throw error
        // It was hidden just then, and is seen again.
        return (await fetchIssue(place, item)).kind === 'found' ? send() : { kind: 'deleted' }
      }
    },
    download: ({ item, fileId, take }) =>
      inIssue(item, async (): Promise<Fetched<null>> => {
        // Without a redirect to where Jira keeps it, which would be a second request.
        const call = { what: 'read a file of an issue', lane, query: { redirect: false } }
        await client.download(`/rest/api/3/attachment/content/${segment(fileId)}`, call, take)
        return { kind: 'found', value: null }
      }),
    remove: async ({ item, fileId }) => {
      await inIssue(item, async (): Promise<Fetched<null>> => {
        await client.delete(`/rest/api/3/attachment/${segment(fileId)}`, { what: 'remove a file of an issue', lane })
        return { kind: 'deleted' }
      })
    },
  }
}

const issueWithFiles = z.object({ fields: z.object({ attachment: remoteFiles }) })

/** Throws `remote_not_found` where the issue is not there. */
async function listFiles(place: JiraPlace, item: ItemRef): Promise<TrackerFile[]> {
  const { client, lane } = place
  const call = { what: 'list the files of an issue', lane, schema: issueWithFiles, query: { fields: 'attachment' } }
  const { fields } = await client.get(issuePath(item), call)
  return (fields.attachment ?? []).map((file) => toTrackerFile(file, place.siteUrl))
}
