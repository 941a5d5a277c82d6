import type { Attachment } from '../../contract/sync/attachments.ts'
import { call, toRequest } from './call.ts'
import { routeQuery } from './query.ts'
import { uploadFile } from './upload-file.ts'

export const attachmentRulesQuery = (id: string) => routeQuery('getAttachmentRules', { params: { id } })

/** Address of the bytes of an attachment: an image is drawn, everything else downloaded. */
export function attachmentUrl(id: string): string {
  return toRequest('getAttachment', { params: { id } }).url
}

type Upload = {
  readonly vulnerabilityId: string
  readonly file: File
  readonly onProgress: (part: number) => void
  readonly signal: AbortSignal
}

export function uploadAttachment({ vulnerabilityId, ...sending }: Upload): Promise<Attachment> {
  const request = toRequest('addAttachment', { params: { id: vulnerabilityId }, query: { name: sending.file.name } })
  return uploadFile<Attachment>({ request, ...sending })
}

export function removeAttachment(id: string): Promise<unknown> {
  return call('removeAttachment', { params: { id } })
}
