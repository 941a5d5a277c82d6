import { webhookTestEvents } from '../../bitbucket/webhook-test.ts'
import { type RemoteKind, remoteTitles } from '../../domain/remote-kind.ts'
import { AppError, isAppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import { createGate } from '../../lib/gate.ts'
import { type NewId, newSecret } from '../../lib/ids.ts'
import type { SecretBox } from '../../lib/secret-box.ts'
import type { Db } from '../../store/db.ts'
import type { ConnectionRow } from '../../store/remotes/connections.ts'
import {
  ensureWebhookRow,
  lockWebhook,
  updateWebhook,
  type WebhookHealth,
  type WebhookKey,
  type WebhookRow,
} from '../../store/remotes/webhooks.ts'
import { announce } from '../../store/sync/live-events.ts'
import type { HookBody, RemoteHook, RemoteHooks } from './remote-hooks.ts'
import { type RemoteSettings, webhookDescription, webhookUrl, webhookUrlPrefix } from './remote-settings.ts'
import { listWebhookEvents } from './webhook-events.ts'
import { openWebhookSecret, sealWebhookSecret } from './webhook-secret.ts'

export type WebhookDeps = { db: Db; clock: Clock; newId: NewId; secretBox: SecretBox; settings: RemoteSettings }

/** A connection and what its hook listens to: the workspace or site, or one repository (by our id). */
export type WebhookPlace = {
  connection: ConnectionRow
  hooks: RemoteHooks
  repositoryId: string | null
}

export type EnsuredWebhook = { webhookId: string; health: WebhookHealth; reason: string | null }

const secretBytes = 32
/**
 * Hooks one process mends at once. Each holds a database connection while the remote is asked, and needs a second one
 * to count its requests: without a bound a crowd of them would hold all there are and wait for each other.
 */
const mendAlone = createGate(2)
const lane = 'webhook'

/** Makes the hook of a place, or puts the one there right. Idempotent; a refusal of the remote is a health, not an error. */
export async function ensureWebhook(deps: WebhookDeps, place: WebhookPlace): Promise<EnsuredWebhook> {
  const key = await ensureRow(deps, place)
  return mendWebhook(deps, place, key)
}

async function ensureRow(deps: WebhookDeps, { connection, repositoryId }: WebhookPlace): Promise<WebhookKey> {
  const organizationId = connection.organization_id
  const id = deps.newId()
  const subject =
    repositoryId === null ? ({ kind: 'workspace' } as const) : ({ kind: 'repository', repositoryId } as const)
  const webhookId = await ensureWebhookRow(deps.db, {
    organizationId,
    id,
    connectionId: connection.id,
    subject,
    url: webhookUrl(deps.settings, { kind: connection.kind, organizationId, webhookId: id }),
    sealedSecret: sealWebhookSecret(deps.secretBox, { organizationId, webhookId: id }, newSecret(secretBytes)),
    events: listWebhookEvents(connection, subject.kind),
  })
  return { organizationId, webhookId }
}

/** Puts an existing hook right: found again by its address, made if it is not there, switched on, events and secret mended. */
export async function mendWebhook(deps: WebhookDeps, place: WebhookPlace, key: WebhookKey): Promise<EnsuredWebhook> {
  return mendAlone(() => mendLocked(deps, place, key))
}

async function mendLocked(deps: WebhookDeps, place: WebhookPlace, key: WebhookKey): Promise<EnsuredWebhook> {
  return deps.db.transaction().execute(async (tx) => {
    // Held while the remote is asked: two processes must not make the same hook twice.
    const row = await lockWebhook(tx, key)
    if (row === undefined || row.health === 'removed') throw new AppError('not_found', 'There is no such webhook.')
    const { connection } = place
    const url = webhookUrl(deps.settings, { ...key, kind: connection.kind })
    const events = listWebhookEvents(connection, row.subject)
    const outcome = await mendRemote(deps, place, { row: { ...row, url, events }, key })
    await updateWebhook(
      tx,
      { ...key, now: deps.clock() },
      {
        url,
        events: outcome.events,
        remote_uuid: outcome.remoteUuid,
        health: outcome.health,
        health_reason: outcome.reason,
        checked_at: deps.clock(),
        ...(outcome.health === 'ok' && { refused_at: null }),
      },
    )
    await announce(tx, key.organizationId, [{ kind: 'connection', connection_id: row.connection_id }])
    return { webhookId: key.webhookId, health: outcome.health, reason: outcome.reason }
  })
}

type Mended = { health: WebhookHealth; reason: string | null; remoteUuid: string | null; events: string[] }
type Mending = { row: WebhookRow; key: WebhookKey }

async function mendRemote(deps: WebhookDeps, place: WebhookPlace, { row, key }: Mending): Promise<Mended> {
  try {
    const hooks = await place.hooks.list(lane)
    const [mine, ...doubles] = hooks.filter((hook) => hook.url === row.url || hook.uuid === row.remote_uuid)
    const strays = hooks.filter(
      (hook) => isStray(deps, { ...key, kind: place.connection.kind }, hook) && hook.uuid !== mine?.uuid,
    )
    // Ours without a row: left over by an earlier connection. Their deliveries would be refused for ever.
    for (const hook of new Set([...doubles, ...strays])) await place.hooks.remove(lane, hook.uuid)
    const hook = await putRight(deps, place, { row, key, mine })
    return { health: 'ok', reason: null, remoteUuid: hook.uuid, events: hook.events }
  } catch (error) {
    const refusal = toHealth(error, { kind: place.connection.kind, row })
    if (refusal === undefined) throw error
    return { ...refusal, remoteUuid: row.remote_uuid, events: row.events }
  }
}

/** A hook to this Weir and organization, in the place of `key`, that is not `key`. */
function isStray(deps: WebhookDeps, key: WebhookKey & { kind: RemoteKind }, hook: RemoteHook): boolean {
  return hook.url.startsWith(webhookUrlPrefix(deps.settings, key)) && hook.url !== webhookUrl(deps.settings, key)
}

async function putRight(
  deps: WebhookDeps,
  place: WebhookPlace,
  { row, key, mine }: Mending & { mine: RemoteHook | undefined },
): Promise<RemoteHook> {
  const body = composeHook(deps, { row, key })
  if (mine === undefined) return withoutIssues(body, (tried) => place.hooks.create(lane, tried))
  // The remote never shows a secret: whenever ours might be another one, it is written again.
  if (row.health === 'ok' && row.remote_uuid === mine.uuid && findHookFlaw(row, mine) === undefined) return mine
  return withoutIssues(body, (tried) => place.hooks.update(lane, { id: mine.uuid, body: tried }))
}

/** A hook as it should be, secret included. */
export function composeHook(
  deps: Pick<WebhookDeps, 'secretBox' | 'settings'>,
  { row, key }: { row: Pick<WebhookRow, 'url' | 'events' | 'sealed_secret'>; key: WebhookKey },
): HookBody {
  return {
    description: webhookDescription(deps.settings),
    url: row.url,
    active: true,
    events: row.events,
    secret: openWebhookSecret(deps.secretBox, key, row.sealed_secret),
  }
}

/** Whether the old issue events may still be subscribed to is not documented: a refusal is answered by leaving them out. */
async function withoutIssues(body: HookBody, send: (body: HookBody) => Promise<RemoteHook>): Promise<RemoteHook> {
  const events = body.events.filter((event) => !event.startsWith('issue:'))
  try {
    return await send(body)
  } catch (error) {
    if (!isAppError(error, 'remote_refused') || events.length === body.events.length) throw error
    return send({ ...body, events })
  }
}

/** What is wrong with a hook as the remote shows it; undefined when nothing is. */
export function findHookFlaw(
  row: Pick<WebhookRow, 'url' | 'events' | 'refused_at' | 'test_outcome'>,
  hook: RemoteHook,
): { health: 'inactive' | 'changed'; reason: string } | undefined {
  if (!hook.isActive)
    return {
      health: 'inactive',
      reason: 'Somebody or the remote switched the webhook off. Repair switches it on again.',
    }
  if (hook.url !== row.url)
    return { health: 'changed', reason: 'The webhook points to another address. Repair puts it right.' }
  if (!hook.hasSecret)
    return {
      health: 'changed',
      reason: 'The webhook has lost its secret, so its deliveries are refused. Repair gives it back.',
    }
  if (row.refused_at !== null)
    return {
      health: 'changed',
      reason: 'Deliveries came in that were not signed with our secret. Repair gives the webhook its secret again.',
    }
  const leftOver = webhookTestEvents.filter((event) => hook.events.includes(event) && row.test_outcome !== 'running')
  if (leftOver.length > 0)
    return { health: 'changed', reason: 'A test of the webhook broke off. Repair takes back what it added.' }
  const missing = row.events.filter((event) => !hook.events.includes(event))
  if (missing.length > 0)
    return { health: 'changed', reason: `The webhook no longer sends ${missing.join(', ')}. Repair puts them back.` }
  return undefined
}

/** Refusals that belong to the hook; everything else (credential, network, limits) is thrown. */
export function toHealth(
  error: unknown,
  { kind, row }: { kind: RemoteKind; row: Pick<WebhookRow, 'last_delivery_at'> },
): { health: WebhookHealth; reason: string | null } | undefined {
  const isClosed = isAppError(error, 'remote_forbidden') || isAppError(error, 'scope_missing')
  if (kind === 'jira' && (isClosed || isAppError(error, 'remote_not_found')))
    return row.last_delivery_at === null
      ? { health: 'forbidden', reason: madeByHand }
      : { health: 'ok', reason: 'Made by hand: Weir cannot look at it in Jira, but its signed deliveries arrive.' }
  if (isClosed) return { health: 'forbidden', reason: error.detail }
  if (isAppError(error, 'remote_not_found')) return { health: 'missing', reason: error.detail }
  if (isAppError(error, 'remote_refused'))
    return {
      health: 'missing',
      reason: `${error.detail} ${remoteTitles[kind]} accepts only addresses it can reach from the internet: check WEIR_PUBLIC_URL.`,
    }
  return undefined
}

const madeByHand =
  'This credential may not make webhooks in Jira: that needs an administrator of Jira and an API token without scopes. An administrator can make it by hand with what “Set up by hand” shows; until then answers arrive with the next reconciliation.'
