import * as z from 'zod'
import { AppError } from '../../lib/app-error.ts'
import { segment } from '../../lib/rest-client.ts'
import { deletedWhenMissing } from '../deleted-when-missing.ts'
import type { Fetched, ItemFiles, ItemRef, TrackerFile } from '../tracker.ts'
import { type IssuePlace, issuePath, requireIssueTracker } from './issue-place.ts'

const remoteFile = z.object({ name: z.string(), links: z.object({ html: z.object({ href: z.string() }).optional() }) })

/**
 * The files of issues, known by their names: a second one with the name of an earlier one takes its place. Bitbucket says
 * neither who added one nor when: https://developer.atlassian.com/cloud/bitbucket/rest/api-group-issue-tracker/
 */
export function issueFiles(place: IssuePlace): ItemFiles {
  const { client, lane } = place
  const path = (item: ItemRef) => `${issuePath(place, item)}/attachments`
  const confirm = () => requireIssueTracker(place)
  return {
    list: (item) => deletedWhenMissing(async () => ({ kind: 'found', value: await listFiles(place, item) }), confirm),
    upload: ({ item, file }) =>
      deletedWhenMissing(async () => {
        await client.upload(path(item), file, { what: 'add a file to an issue', lane })
        // Its answer is empty: the listing says where people find the file.
        const made = (await listFiles(place, item)).find(({ name }) => name === file.name)
        if (made !== undefined) return { kind: 'found', value: made }
        throw new AppError('remote_unavailable', `Bitbucket took the file ${file.name}, but does not list it.`)
      }, confirm),
    download: ({ item, fileId, take }) =>
      deletedWhenMissing(async (): Promise<Fetched<null>> => {
        await client.download(`${path(item)}/${segment(fileId)}`, { what: 'read a file of an issue', lane }, take)
        return { kind: 'found', value: null }
      }, confirm),
    remove: async ({ item, fileId }) => {
      await deletedWhenMissing(async (): Promise<Fetched<null>> => {
        await client.delete(`${path(item)}/${segment(fileId)}`, { what: 'remove a file of an issue', lane })
        return { kind: 'deleted' }
      }, confirm)
    },
  }
}

/** Throws `remote_not_found` where the issue is not there. */
export async function listFiles(place: IssuePlace, item: ItemRef): Promise<TrackerFile[]> {
  const query = { pagelen: 100, fields: 'next,values.name,values.links.html' }
  const call = { what: 'list the files of an issue', lane: place.lane, schema: remoteFile, query }
  const files: TrackerFile[] = []
  for await (const page of place.client.pages(`${issuePath(place, item)}/attachments`, call))
    for (const file of page.values) files.push(toFile(file))
  return files
}

function toFile({ name, links }: z.output<typeof remoteFile>): TrackerFile {
  const unsaid = { mediaType: null, bytes: null, author: null, createdAt: null }
  return { id: name, name, url: links.html?.href ?? null, ...unsaid }
}
