import * as z from 'zod'
import type { TrackerFile } from '../tracker.ts'

/** A file of an issue. */
export const remoteFile = z.object({
  /** A text in the list of an issue, a number where one is asked for alone. */
  id: z.union([z.string(), z.number()]).transform(String),
  filename: z.string(),
  author: z.object({ accountId: z.string().optional(), displayName: z.string().optional() }).nullish(),
  created: z.string(),
  size: z.number().int().nonnegative(),
  mimeType: z.string().nullish(),
})
/** `fields.attachment` of an issue; missing where files are switched off. */
export const remoteFiles = z.array(remoteFile).nullish()

export function toTrackerFile(file: z.output<typeof remoteFile>, siteUrl: string): TrackerFile {
  const { id, filename, author, created, size, mimeType } = file
  return {
    id,
    name: filename,
    mediaType: mimeType ?? null,
    bytes: size,
    author: { uuid: author?.accountId ?? null, name: author?.displayName ?? 'Former user' },
    createdAt: new Date(created),
    url: `${siteUrl}/secure/attachment/${id}/${encodeURIComponent(filename)}`,
  }
}
