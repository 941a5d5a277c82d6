import { type GateResult, gateResult } from '../../contract/security/gate.ts'
import { AppError } from '../lib/app-error.ts'
import { createHttpClient } from '../lib/http-client.ts'
import { judgeBranch } from '../usecases/security/risk/judge-branch.ts'
import { chooseOrganization } from './choose-organization.ts'
import type { Terminal } from './command.ts'
import { openWeir } from './open-weir.ts'
import { readRemoteAnswer } from './read-remote-answer.ts'

/** What the gate is asked, wherever the Weir is. */
export type GateQuestion = { asset: string; branch: string | undefined; organization: string | undefined }

const timeoutMs = 60_000

/** Asks the configured database, beside a Weir that may be running on it. */
export async function gateHere(question: GateQuestion, terminal: Terminal): Promise<GateResult> {
  const weir = await openWeir(terminal)
  try {
    const { config, db, clock } = weir
    const organizationId = await chooseOrganization(db, question.organization)
    const publicUrl = config.publicUrl ?? `http://localhost:${config.port}`
    return await judgeBranch(
      { db, clock, publicUrl },
      { organizationId, asset: question.asset, branch: question.branch },
    )
  } finally {
    await weir.close()
  }
}

/** Asks another Weir by its API. Throws what that Weir answers, or `remote_…`. */
export async function gateRemotely(
  { asset, branch }: GateQuestion,
  remote: { url: string; token: string },
): Promise<GateResult> {
  if (!URL.canParse(remote.url))
    throw new AppError('validation_failed', `--url ${remote.url} is no address. Example: https://weir.example.com`)
  const url = new URL(`${remote.url.replace(/\/+$/, '')}/api/v1/assets/${encodeURIComponent(asset)}/gate`)
  if (branch !== undefined) url.searchParams.set('branch', branch)
  // Whoever runs the command chose the address on the command line, so a private one is meant.
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  const http = createHttpClient({ allowedPrivateAddresses: [`${url.hostname}:${port}`] })
  try {
    const headers = { authorization: `Bearer ${remote.token}`, accept: 'application/json' }
    const answer = await http.request({ method: 'GET', url, timeoutMs, headers })
    return readRemoteAnswer(answer, { status: 200, schema: gateResult })
  } finally {
    await http.close()
  }
}
