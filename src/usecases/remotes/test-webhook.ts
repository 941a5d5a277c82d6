import { setTimeout as sleep } from 'node:timers/promises'
import { repositoryPathOf } from '../../bitbucket/require-visible-repository.ts'
import { putTestStatus, readBranchHead, webhookTestEvents } from '../../bitbucket/webhook-test.ts'
import type { RequestLane } from '../../domain/request-budget.ts'
import { AppError, isAppError } from '../../lib/app-error.ts'
import {
  claimWebhookTest,
  findTestArrival,
  findTestRepository,
  settleWebhookTest,
  type TestEnd,
} from '../../store/remotes/webhook-tests.ts'
import { findWebhook, type WebhookKey, type WebhookRow } from '../../store/remotes/webhooks.ts'
import { announce } from '../../store/sync/live-events.ts'
import { type AuditActor } from '../access/audit.ts'
import { composeHook, mendWebhook, type WebhookPlace } from './ensure-webhook.ts'
import { openConnection } from './open-connection.ts'
import { auditWebhook, openPlace, type WebhookActionDeps } from './webhook-actions.ts'
import { getWebhookView, type WebhookView } from './webhook-view.ts'

export type TestWebhookInput = WebhookKey & {
  /** Bitbucket delivers within seconds; default 15 s. */
  withinMs?: number
}

const withinDefaultMs = 15_000
const lookEveryMs = 200
/** One that began longer ago died with its process. */
const brokenOffAfterMs = 2 * 60_000
const lane: RequestLane = 'status'

/** The button: tests a webhook, and writes down who asked for it. */
export async function testWebhookByPerson(
  deps: WebhookActionDeps,
  { actor, ...input }: TestWebhookInput & { actor: AuditActor },
): Promise<WebhookView> {
  await testWebhook(deps, input)
  await auditWebhook(deps, { ...input, actor }, 'webhook.tested')
  return getWebhookView(deps, input)
}

/**
 * Proves that a webhook arrives: puts it right, lets it listen to build statuses, sets one, and waits for its delivery.
 * Throws `conflict` while another test of it runs, and where the remote has nothing harmless to change.
 */
export async function testWebhook(deps: WebhookActionDeps, input: TestWebhookInput): Promise<TestEnd> {
  const key = { organizationId: input.organizationId, webhookId: input.webhookId }
  const { place } = await openPlace(deps, key)
  if (place.connection.kind !== 'bitbucket')
    throw new AppError('conflict', 'Only webhooks of Bitbucket can be tested: in Jira every change would tell people.')
  const now = deps.clock()
  const runningSince = new Date(now.getTime() - brokenOffAfterMs)
  if (!(await claimWebhookTest(deps.db, { ...key, now, runningSince })))
    throw new AppError('conflict', 'This webhook is being tested at this moment.')
  const end = await runTest(deps, { key, place, withinMs: input.withinMs ?? withinDefaultMs })
  await settleWebhookTest(deps.db, key, end)
  const connection_id = place.connection.id
  await announce(deps.db, key.organizationId, [{ kind: 'connection', connection_id }])
  return end
}

type Test = { key: WebhookKey; place: WebhookPlace; withinMs: number }

async function runTest(deps: WebhookActionDeps, test: Test): Promise<TestEnd> {
  try {
    const { health, reason } = await mendWebhook(deps, test.place, test.key)
    if (health !== 'ok') return { outcome: 'lost', ms: null, note: reason }
    return await sendAndWait(deps, test)
  } catch (error) {
    if (!isAppError(error)) throw error
    return { outcome: 'impossible', ms: null, note: error.detail }
  }
}

async function sendAndWait(deps: WebhookActionDeps, { key, place, withinMs }: Test): Promise<TestEnd> {
  const { organizationId } = key
  const { id: connectionId } = place.connection
  const repository = await findTestRepository(deps.db, {
    organizationId,
    connectionId,
    repositoryId: place.repositoryId,
  })
  const row = await findWebhook(deps.db, key)
  if (repository === undefined || row === undefined)
    return { outcome: 'impossible', ms: null, note: 'No repository here has a commit that a test could use.' }
  const { client } = await openConnection(deps, { organizationId, connectionId })
  const { workspace_uuid: workspaceUuid, remote_uuid: remoteUuid } = repository
  const at = { client, lane, repositoryPath: repositoryPathOf({ workspaceUuid, remoteUuid }) }
  const hash = await readBranchHead(at, repository.main_branch)
  const url = `${deps.settings.publicUrl}/integrations/connections/${connectionId}`
  const token = deps.newId()
  return listening(deps, { key, place, row }, async () => {
    const since = deps.clock()
    await putTestStatus(at, { hash, token, url })
    const arrivedAt = await waitForArrival(deps, { ...key, token, since, withinMs })
    if (arrivedAt === undefined) return { outcome: 'lost', ms: null, note: describeLoss(row, withinMs) }
    const ms = Math.max(0, arrivedAt.getTime() - since.getTime())
    return { outcome: 'arrived', ms, note: `With a build status in ${repository.name}.` }
  })
}

/** Lets the hook hear build statuses meanwhile: always, every pipeline would send some that nobody reads. */
async function listening(
  deps: WebhookActionDeps,
  { key, place, row }: { key: WebhookKey; place: WebhookPlace; row: WebhookRow },
  work: () => Promise<TestEnd>,
): Promise<TestEnd> {
  const body = composeHook(deps, { row, key })
  const id = row.remote_uuid ?? ''
  await place.hooks.update(lane, { id, body: { ...body, events: [...body.events, ...webhookTestEvents] } })
  try {
    return await work()
  } finally {
    // What cannot be taken back now is seen, and put right, by the next check.
    await place.hooks.update(lane, { id, body }).catch((error: unknown) => {
      deps.log.warn({ err: error, webhook_id: key.webhookId }, 'a webhook still listens to what its test needed')
    })
  }
}

type Waiting = WebhookKey & { token: string; since: Date; withinMs: number }

async function waitForArrival(deps: WebhookActionDeps, { since, withinMs, ...search }: Waiting) {
  const untilMs = performance.now() + withinMs
  // The process that takes deliveries in may have another clock.
  const from = new Date(since.getTime() - 60_000)
  for (;;) {
    const arrivedAt = await findTestArrival(deps.db, { ...search, since: from, events: webhookTestEvents })
    if (arrivedAt !== undefined || performance.now() >= untilMs) return arrivedAt
    await sleep(lookEveryMs)
  }
}

function describeLoss(row: WebhookRow, withinMs: number): string {
  const seconds = Math.round(withinMs / 1000)
  return `Nothing arrived within ${seconds} seconds. Look whether Bitbucket can reach ${new URL(row.url).origin} (WEIR_PUBLIC_URL, firewall, proxy).`
}
