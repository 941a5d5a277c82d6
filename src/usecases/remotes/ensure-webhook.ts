import type { BitbucketClient } from '../../bitbucket/client.ts'
import {
  createHook,
  deleteHook,
  type HookBody,
  type HookSubject,
  listHooks,
  type RemoteHook,
  updateHook,
} from '../../bitbucket/readers/hooks.ts'
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
import { type RemoteSettings, webhookDescription, webhookUrl, webhookUrlPrefix } from './remote-settings.ts'
import { listWebhookEvents } from './webhook-events.ts'
import { openWebhookSecret, sealWebhookSecret } from './webhook-secret.ts'

export type WebhookDeps = { db: Db; clock: Clock; newId: NewId; secretBox: SecretBox; settings: RemoteSettings }

/** A connection and what its hook listens to: the workspace, or one repository (by our id and its UUID). */
export type WebhookPlace = {
  connection: ConnectionRow
  client: BitbucketClient
  repository: { id: string; remoteUuid: string } | null
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

async function ensureRow(deps: WebhookDeps, { connection, repository }: WebhookPlace): Promise<WebhookKey> {
  const organizationId = connection.organization_id
  const id = deps.newId()
  const subject =
    repository === null
      ? ({ kind: 'workspace' } as const)
      : ({ kind: 'repository', repositoryId: repository.id } as const)
  const webhookId = await ensureWebhookRow(deps.db, {
    organizationId,
    id,
    connectionId: connection.id,
    subject,
    url: webhookUrl(deps.settings, { organizationId, webhookId: id }),
    sealedSecret: sealWebhookSecret(deps.secretBox, { organizationId, webhookId: id }, newSecret(secretBytes)),
    events: listWebhookEvents(subject.kind, connection.has_issues),
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
    const url = webhookUrl(deps.settings, key)
    const events = listWebhookEvents(row.subject, place.connection.has_issues)
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
      },
    )
    await announce(tx, key.organizationId, [{ kind: 'connection', connection_id: row.connection_id }])
    return { webhookId: key.webhookId, health: outcome.health, reason: outcome.reason }
  })
}

type Mended = { health: WebhookHealth; reason: string | null; remoteUuid: string | null; events: string[] }
type Mending = { row: WebhookRow; key: WebhookKey }

async function mendRemote(deps: WebhookDeps, place: WebhookPlace, { row, key }: Mending): Promise<Mended> {
  const subject = toHookSubject(place)
  try {
    const hooks = await listHooks(place.client, { subject, lane })
    const [mine, ...doubles] = hooks.filter((hook) => hook.url === row.url || hook.uuid === row.remote_uuid)
    const strays = hooks.filter((hook) => isStray(deps, key, hook) && hook.uuid !== mine?.uuid)
    // Ours without a row: left over by an earlier connection. Their deliveries would be refused for ever.
    for (const hook of new Set([...doubles, ...strays]))
      await deleteHook(place.client, { subject, lane, uuid: hook.uuid })
    const hook = await putRight(deps, place, { row, key, mine })
    return { health: 'ok', reason: null, remoteUuid: hook.uuid, events: hook.events }
  } catch (error) {
    const refusal = toHealth(error)
    if (refusal === undefined) throw error
    return { ...refusal, remoteUuid: row.remote_uuid, events: row.events }
  }
}

/** A hook to this Weir and organization, in the place of `key`, that is not `key`. */
function isStray(deps: WebhookDeps, key: WebhookKey, hook: RemoteHook): boolean {
  return (
    hook.url.startsWith(webhookUrlPrefix(deps.settings, key.organizationId)) &&
    hook.url !== webhookUrl(deps.settings, key)
  )
}

async function putRight(
  deps: WebhookDeps,
  place: WebhookPlace,
  { row, key, mine }: Mending & { mine: RemoteHook | undefined },
): Promise<RemoteHook> {
  const subject = toHookSubject(place)
  const secret = openWebhookSecret(deps.secretBox, key, row.sealed_secret)
  const body: HookBody = {
    description: webhookDescription(deps.settings),
    url: row.url,
    active: true,
    events: row.events,
    secret,
  }
  if (mine === undefined)
    return withoutIssues(body, (tried) => createHook(place.client, { subject, lane, body: tried }))
  // The remote never shows a secret: whenever ours might be another one, it is written again.
  if (row.health === 'ok' && row.remote_uuid === mine.uuid && findHookFlaw(row, mine) === undefined) return mine
  return withoutIssues(body, (tried) => updateHook(place.client, { subject, lane, uuid: mine.uuid, body: tried }))
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
  row: Pick<WebhookRow, 'url' | 'events'>,
  hook: RemoteHook,
): { health: 'inactive' | 'changed'; reason: string } | undefined {
  if (!hook.isActive)
    return {
      health: 'inactive',
      reason: 'Somebody or Bitbucket switched the webhook off. Repair switches it on again.',
    }
  if (hook.url !== row.url)
    return { health: 'changed', reason: 'The webhook points to another address. Repair puts it right.' }
  if (!hook.hasSecret)
    return {
      health: 'changed',
      reason: 'The webhook has lost its secret, so its deliveries are refused. Repair gives it back.',
    }
  const missing = row.events.filter((event) => !hook.events.includes(event))
  if (missing.length > 0)
    return { health: 'changed', reason: `The webhook no longer sends ${missing.join(', ')}. Repair puts them back.` }
  return undefined
}

export function toHookSubject({
  connection,
  repository,
}: Pick<WebhookPlace, 'connection' | 'repository'>): HookSubject {
  const workspace = connection.workspace_uuid ?? ''
  return repository === null
    ? { kind: 'workspace', workspace }
    : { kind: 'repository', workspace, repository: repository.remoteUuid }
}

/** Refusals that belong to the hook; everything else (credential, network, limits) is thrown. */
export function toHealth(error: unknown): { health: WebhookHealth; reason: string } | undefined {
  if (isAppError(error, 'remote_forbidden') || isAppError(error, 'scope_missing'))
    return { health: 'forbidden', reason: error.detail }
  if (isAppError(error, 'remote_not_found')) return { health: 'missing', reason: error.detail }
  if (isAppError(error, 'remote_refused'))
    return {
      health: 'missing',
      reason: `${error.detail} Bitbucket accepts only addresses it can reach from the internet: check WEIR_PUBLIC_URL.`,
    }
  return undefined
}
