import { createReadStream, statSync } from 'node:fs'
import { type ReportImport, reportImport } from '../../contract/security/imports.ts'
import { AppError } from '../lib/app-error.ts'
import { createHttpClient } from '../lib/http-client.ts'
import type { ImportRequest } from './import-command.ts'
import { readRemoteAnswer } from './read-remote-answer.ts'

/** A big report is read, matched and written before the answer comes. */
const timeoutMs = 15 * 60 * 1000

/** Sends the report to another Weir by its API. Throws what that Weir answers, or `remote_…`. */
export async function importRemotely(
  request: ImportRequest,
  remote: { url: string; token: string },
): Promise<ReportImport> {
  const url = toAddress(request, remote.url)
  // Whoever runs the command chose the address on the command line, so a private one is meant.
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  const http = createHttpClient({ allowedPrivateAddresses: [`${url.hostname}:${port}`] })
  try {
    const answer = await http.request({
      method: 'POST',
      url,
      timeoutMs,
      headers: {
        authorization: `Bearer ${remote.token}`,
        'content-type': 'application/octet-stream',
        'content-length': String(statSync(request.file).size),
        accept: 'application/json',
      },
      body: createReadStream(request.file),
    })
    return readRemoteAnswer(answer, { status: 201, schema: reportImport })
  } finally {
    await http.close()
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
