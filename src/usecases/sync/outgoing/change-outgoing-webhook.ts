import type { OutgoingWebhook } from '../../../../contract/sync/outgoing-webhooks.ts'
import type { OutgoingEventType, OutgoingKind } from '../../../domain/outgoing/outgoing-event.ts'
import type { Severity } from '../../../domain/severity.ts'
import { createAddressGuard } from '../../../lib/address-guard.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { SecretBox } from '../../../lib/secret-box.ts'
import { makeSigningSecret } from '../../../lib/standard-webhook.ts'
import type { Db } from '../../../store/db.ts'
import { announce } from '../../../store/sync/live-events.ts'
import { countQueued } from '../../../store/sync/outgoing-deliveries.ts'
import {
  countOutgoingWebhooks,
  deleteOutgoingWebhook as deleteRow,
  findOutgoingWebhook,
  insertOutgoingWebhook,
  type OutgoingWebhookKey,
  type OutgoingWebhookRow,
  updateOutgoingWebhook as updateRow,
} from '../../../store/sync/outgoing-webhooks.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'
import { sealForWebhook } from './outgoing-secrets.ts'
import { toOutgoingWebhook, webhookMissing } from './outgoing-views.ts'

export type OutgoingDeps = {
  db: Db
  clock: Clock
  newId: NewId
  secretBox: SecretBox
  settings: { allowedPrivateAddresses: readonly string[] }
}

/** Each is written to for every event: more of them is a mistake. */
const mostWebhooks = 50
/** Receivers have a day to learn the new secret. */
const oldSecretLivesMs = 24 * 3600_000

type Acting = OutgoingWebhookKey & { actor: AuditActor }

export type NewOutgoingWebhook = {
  organizationId: string
  actor: AuditActor
  name: string
  kind: OutgoingKind
  url: string
  events: readonly OutgoingEventType[]
  minSeverity: Severity
}

/** The secret is in this answer alone; a channel has none. Throws `validation_failed`, `address_refused`, `conflict`. */
export async function createOutgoingWebhook(
  deps: OutgoingDeps,
  input: NewOutgoingWebhook,
): Promise<{ webhook: OutgoingWebhook; secret: string | null }> {
  const { organizationId, actor, name, kind } = input
  const url = parseUrl(deps, input.url)
  const now = deps.clock()
  const key = { organizationId, id: deps.newId() }
  const secret = kind === 'standard' ? makeSigningSecret() : null
  const row = {
    organization_id: organizationId,
    id: key.id,
    name,
    kind,
    address: url.origin,
    sealed_url: sealForWebhook(deps.secretBox, 'sealed_url', { ...key, text: url.href }),
    sealed_secret: secret === null ? null : sealForWebhook(deps.secretBox, 'sealed_secret', { ...key, text: secret }),
    events: [...new Set(input.events)],
    min_severity: input.minSeverity,
    state: 'active' as const,
    created_at: now,
  }
  return deps.db.transaction().execute(async (tx) => {
    if ((await countOutgoingWebhooks(tx, organizationId)) >= mostWebhooks)
      throw new AppError('conflict', `There are ${mostWebhooks} outgoing webhooks already. Delete one first.`)
    await insertOutgoingWebhook(tx, row)
    const after = { name, kind, address: row.address, events: row.events }
    await audit(deps, tx, { ...key, actor, did: 'created', after })
    return { webhook: await view(deps, tx, key), secret }
  })
}

export type OutgoingChange = {
  name?: string | undefined
  url?: string | undefined
  events?: readonly OutgoingEventType[] | undefined
  minSeverity?: Severity | undefined
  enabled?: boolean | undefined
}

/** Throws `not_found`, `validation_failed`, `address_refused`. */
export async function changeOutgoingWebhook(
  deps: OutgoingDeps,
  { change, ...acting }: Acting & { change: OutgoingChange },
): Promise<OutgoingWebhook> {
  const { name, events, minSeverity, enabled } = change
  const url = change.url === undefined ? undefined : parseUrl(deps, change.url)
  return deps.db.transaction().execute(async (tx) => {
    const row = await lockOutgoingWebhook(tx, acting)
    await updateRow(tx, acting, {
      ...(name !== undefined && { name }),
      ...(url !== undefined && {
        address: url.origin,
        sealed_url: sealForWebhook(deps.secretBox, 'sealed_url', { ...acting, text: url.href }),
        next_attempt_at: null,
      }),
      ...(events !== undefined && { events: [...new Set(events)] }),
      ...(minSeverity !== undefined && { min_severity: minSeverity }),
      ...(enabled !== undefined && toState(row, enabled)),
    })
    const { url: _secret, ...told } = change
    const after = { name: row.name, ...told, ...(url !== undefined && { address: url.origin }) }
    await audit(deps, tx, { ...acting, did: 'changed', after })
    return view(deps, tx, acting)
  })
}

/** Enabled anew it has three days again. */
function toState(row: OutgoingWebhookRow, enabled: boolean) {
  if ((row.state === 'active') === enabled) return {}
  const fresh = { state_reason: null, failing_since: null, next_attempt_at: null }
  return enabled ? { state: 'active' as const, ...fresh } : { state: 'disabled' as const, state_reason: null }
}

/** Throws `not_found`. */
export async function deleteOutgoingWebhook(deps: OutgoingDeps, acting: Acting): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const row = await lockOutgoingWebhook(tx, acting)
    await deleteRow(tx, acting)
    await audit(deps, tx, { ...acting, did: 'deleted', before: { name: row.name, address: row.address } })
  })
}

/** The new secret is in this answer alone; for a day both sign. Throws `not_found`, `conflict` for a channel. */
export async function rotateOutgoingSecret(
  deps: OutgoingDeps,
  acting: Acting,
): Promise<{ webhook: OutgoingWebhook; secret: string }> {
  const secret = makeSigningSecret()
  return deps.db.transaction().execute(async (tx) => {
    const row = await lockOutgoingWebhook(tx, acting)
    if (row.kind !== 'standard')
      throw new AppError(
        'conflict',
        'Messages to a channel are not signed. Its address is its secret: give it another.',
      )
    await updateRow(tx, acting, {
      sealed_secret: sealForWebhook(deps.secretBox, 'sealed_secret', { ...acting, text: secret }),
      sealed_previous_secret: row.sealed_secret,
      previous_secret_until: new Date(deps.clock().getTime() + oldSecretLivesMs),
    })
    await audit(deps, tx, { ...acting, did: 'secret_rotated', after: { name: row.name } })
    return { webhook: await view(deps, tx, acting), secret }
  })
}

/** Throws `not_found`. */
export async function lockOutgoingWebhook(tx: Db, key: OutgoingWebhookKey): Promise<OutgoingWebhookRow> {
  const row = await findOutgoingWebhook(tx, key, { lock: true })
  if (row === undefined) throw webhookMissing()
  return row
}

/** Credentials may lie in it, and what is told is nobody else's business: https, unless an administrator listed a private host. */
function parseUrl(deps: OutgoingDeps, text: string): URL {
  const guard = createAddressGuard(deps.settings.allowedPrivateAddresses)
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined) throw invalid('write a complete address, such as https://example.com/hooks/weir.')
  if (url.protocol === 'http:' && !guard.isListed(url))
    throw invalid('begin it with https://. Plain http is for private hosts listed in WEIR_ALLOWED_PRIVATE_ADDRESSES.')
  guard.check(url)
  return url
}

function invalid(advice: string): AppError {
  return new AppError('validation_failed', `url: ${advice}`, { meta: { fields: { url: [advice] } } })
}

type Entry = Acting & {
  did: 'created' | 'changed' | 'deleted' | 'secret_rotated'
  before?: Readonly<Record<string, unknown>>
  after?: Readonly<Record<string, unknown>>
}

async function audit(deps: OutgoingDeps, tx: Db, { organizationId, id, actor, did, ...what }: Entry): Promise<void> {
  const target = { kind: 'outgoing_webhook', id }
  await recordAudit(deps, tx, { organizationId, actor, action: `outgoing_webhook.${did}`, target, ...what })
  await announce(tx, organizationId, [{ kind: 'delivery' }])
}

async function view(deps: OutgoingDeps, tx: Db, key: OutgoingWebhookKey): Promise<OutgoingWebhook> {
  const queued = await countQueued(tx, key)
  return toOutgoingWebhook(await lockOutgoingWebhook(tx, key), { queued, now: deps.clock() })
}
