import type { ReportImport } from '../../contract/security/imports.ts'
import { parseProblem, unreachable } from './api-problem.ts'
import { toRequest } from './call.ts'
import type { RouteInput } from './route-types.ts'

type Upload = {
  readonly file: File
  readonly query: RouteInput<'createImport'>['query']
  /** Bytes sent so far, 0 to 1. */
  readonly onProgress: (part: number) => void
  readonly signal: AbortSignal
}

/** Streams a report to the server. XMLHttpRequest, because `fetch` cannot say how much of a body was sent. */
export function uploadReport({ file, query, onProgress, signal }: Upload): Promise<ReportImport> {
  const { method, url } = toRequest('createImport', { query })
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(method, url)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.setRequestHeader('accept', 'application/json')
    request.setRequestHeader('idempotency-key', crypto.randomUUID())
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total)
    })
    request.addEventListener('load', () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText))
      else reject(parseProblem(request.status, request.responseText))
    })
    request.addEventListener('error', () => reject(unreachable()))
    request.addEventListener('abort', () => reject(new DOMException('Cancelled', 'AbortError')))
    signal.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}
