import { randomUUID } from 'node:crypto'
import { createReadStream, type ReadStream, statSync } from 'node:fs'
import {
  getImportProgress,
  type ImportProgress,
  type ReportImport,
  reportImport,
} from '../../contract/security/imports.ts'
import { AppError } from '../lib/app-error.ts'
import { createHttpClient, type HttpClient } from '../lib/http-client.ts'
import type { ImportRequest } from './import-command.ts'
import { readRemoteAnswer } from './read-remote-answer.ts'

/** A big report is read, matched and written before the answer comes. */
const timeoutMs = 60 * 60 * 1000
const askEveryMs = 500
const askWithinMs = 5000

type OnProgress = (progress: ImportProgress) => void

/** Sends the report to another Weir by its API. Throws what that Weir answers, or `remote_…`. */
export async function importRemotely(
  request: ImportRequest,
  remote: { url: string; token: string },
  onProgress?: OnProgress,
): Promise<ReportImport> {
  const url = toAddress(request, remote.url)
  // Whoever runs the command chose the address on the command line, so a private one is meant.
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  const http = createHttpClient({ allowedPrivateAddresses: [`${url.hostname}:${port}`] })
  const authorization = `Bearer ${remote.token}`
  const bytes = statSync(request.file).size
  const body = createReadStream(request.file)
  const stop = onProgress === undefined ? undefined : follow({ http, url, authorization, body, bytes, onProgress })
  try {
    const answer = await http.request({
      method: 'POST',
      url,
      timeoutMs,
      headers: {
        authorization,
        'content-type': 'application/octet-stream',
        'content-length': String(bytes),
        accept: 'application/json',
      },
      body,
    })
    return readRemoteAnswer(answer, { status: 201, schema: reportImport })
  } finally {
    stop?.()
    await http.close()
  }
}

type Following = {
  http: HttpClient
  url: URL
  authorization: string
  body: ReadStream
  bytes: number
  onProgress: OnProgress
}

/** Tells how much was sent, then what that Weir says of the import by a key of ours. Answers how to stop. */
function follow({ http, url, authorization, body, bytes, onProgress }: Following): () => void {
  const key = randomUUID()
  url.searchParams.set('progress_key', key)
  const about = new URL('import-progress', url)
  about.searchParams.set('key', key)
  const tellSent = (): void =>
    onProgress({ stage: 'receiving', bytes_read: body.bytesRead, bytes_total: bytes, findings_read: 0 })
  let isAsking = false
  const ask = async (): Promise<void> => {
    const answer = await http.request({ method: 'GET', url: about, headers: { authorization }, timeoutMs: askWithinMs })
    const told = getImportProgress.response?.safeParse(answer.json())
    if (!isStopped && told?.success === true && told.data.progress !== null) onProgress(told.data.progress)
  }
  let isStopped = false
  const timer = setInterval(() => {
    if (body.bytesRead < bytes) return tellSent()
    if (isAsking) return
    isAsking = true
    // How far it is may stay unknown: the answer of the import itself says what became of it.
    ask()
      .catch(() => undefined)
      .finally(() => (isAsking = false))
  }, askEveryMs)
  tellSent()
  return () => {
    isStopped = true
    clearInterval(timer)
  }
}

function toAddress(request: ImportRequest, base: string): URL {
  if (!URL.canParse(base))
    throw new AppError('validation_failed', `--url ${base} is no address. Example: https://weir.example.com`)
  const url = new URL(`${base.replace(/\/+$/, '')}/api/v1/imports`)
  const { asset, branch, targetBranch, pullRequestId, commit, format, fileName, scope, preview, dryRun } = request
  const query = {
    asset,
    branch,
    target_branch: targetBranch,
    pull_request: pullRequestId,
    commit,
    format,
    file_name: fileName,
    scope,
    preview: preview ? 'true' : undefined,
    dry_run: dryRun ? 'true' : undefined,
    source: 'cli',
  }
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value)
  return url
}
