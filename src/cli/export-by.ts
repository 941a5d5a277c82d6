import * as z from 'zod'
import { type ExportFormat, exportCountHeader, exportEndings } from '../../contract/security/exports.ts'
import { AppError } from '../lib/app-error.ts'
import { createHttpClient } from '../lib/http-client.ts'
import { exportVulnerabilities } from '../usecases/security/export/export-vulnerabilities.ts'
import { chooseOrganization } from './choose-organization.ts'
import type { Terminal } from './command.ts'
import { openWeir } from './open-weir.ts'
import { checkFilters, parseFilters } from './parse-filters.ts'
import { readRemoteAnswer } from './read-remote-answer.ts'

/** What is taken away, wherever the Weir is: filters as they stand in an address. */
export type ExportWish = { format: ExportFormat; query: URLSearchParams; organization: string | undefined }

/** Takes the file piece by piece. */
export type Sink = (bytes: Uint8Array) => Promise<void>

/** A million vulnerabilities on a slow line. */
const timeoutMs = 3600_000
/** Filters that ask what a member has not read find nothing: the command is no member. */
const nobody = '00000000-0000-0000-0000-000000000000'

/** Reads the configured database, beside a Weir that may be running on it. Answers how many. */
export async function exportHere(wish: ExportWish, terminal: Terminal, sink: Sink): Promise<number> {
  const filters = parseFilters(wish.query)
  const weir = await openWeir(terminal)
  try {
    const { config, db, clock, newId } = weir
    const organizationId = await chooseOrganization(db, wish.organization)
    const publicUrl = config.publicUrl ?? `http://localhost:${config.port}`
    const auditor = { kind: 'cli' as const, name: 'weir export' }
    const asked = { organizationId, memberId: nobody, auditor, format: wish.format, filters }
    const { count, chunks } = await exportVulnerabilities({ db, clock, newId, publicUrl }, asked)
    for await (const chunk of chunks) await sink(Buffer.from(chunk))
    return count
  } finally {
    await weir.close()
  }
}

/** Fetches it from another Weir by its API. Throws what that Weir answers, or `remote_…`. */
export async function exportRemotely(
  { format, query }: ExportWish,
  remote: { url: string; token: string },
  sink: Sink,
): Promise<number> {
  if (!URL.canParse(remote.url))
    throw new AppError('validation_failed', `--url ${remote.url} is no address. Example: https://weir.example.com`)
  checkFilters(query)
  const base = remote.url.replace(/\/+$/, '')
  const url = new URL(`${base}/api/v1/exports/vulnerabilities.${exportEndings[format]}?${query.toString()}`)
  // Whoever runs the command chose the address on the command line, so a private one is meant.
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  const http = createHttpClient({ allowedPrivateAddresses: [`${url.hostname}:${port}`] })
  let count: number | undefined
  try {
    const headers = { authorization: `Bearer ${remote.token}` }
    const answer = await http.request({
      url,
      timeoutMs,
      headers,
      onBytes: async (bytes, told) => {
        const number = told[exportCountHeader]
        // A proxy's page, and not the file.
        if (number === undefined) return
        count = Number(number)
        await sink(bytes)
      },
    })
    return count ?? readRemoteAnswer(answer, { status: 200, schema: z.never() })
  } finally {
    await http.close()
  }
}
