import type { ReportImport } from '../../contract/security/imports.ts'
import { toRequest } from './call.ts'
import type { RouteInput } from './route-types.ts'
import { uploadFile } from './upload-file.ts'

type Upload = {
  readonly file: File
  readonly query: RouteInput<'createImport'>['query']
  /** Bytes sent so far, 0 to 1. */
  readonly onProgress: (part: number) => void
  readonly signal: AbortSignal
}

/** Streams a report to the server. */
export function uploadReport({ query, ...sending }: Upload): Promise<ReportImport> {
  return uploadFile<ReportImport>({ request: toRequest('createImport', { query }), ...sending })
}
