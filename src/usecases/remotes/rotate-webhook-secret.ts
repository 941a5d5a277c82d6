import { remoteTitles } from '../../domain/remote-kind.ts'
import { AppError } from '../../lib/app-error.ts'
import { createGate, createGates } from '../../lib/gate.ts'
import { newSecret } from '../../lib/ids.ts'
import type { Db } from '../../store/db.ts'
import {
  findWebhook,
  lockWebhook,
  lockWebhookSecret,
  updateWebhook,
  type WebhookRow,
} from '../../store/remotes/webhooks.ts'
import { webhookDescription } from './remote-settings.ts'
import {
  auditWebhook,
  openPlace,
  type WebhookActionDeps,
  type WebhookActionInput,
  webhookMissing,
} from './webhook-actions.ts'
import { sealWebhookSecret } from './webhook-secret.ts'
import { getWebhookView, type WebhookView } from './webhook-view.ts'

const oldSecretLivesMs = 3_600_000

/**
 * Whoever waits for the lock holds a database connection: with a slow remote a crowd would take all there are. One at a
 * time for each connection, so that a slow remote holds up its own people, and few in all.
 */
const ofConnection = createGates(1)
const inAll = createGate(4)

/**
 * Gives a hook a new secret. Both are accepted from before the remote learns the new one until an hour later; when the
 * remote does not take it, the hook is marked `changed` and a repair writes the secret again. Rotations of one hook wait
 * for each other: the secret that reaches the remote last is the one kept here.
 */
export async function rotateWebhookSecret(deps: WebhookActionDeps, input: WebhookActionInput): Promise<WebhookView> {
  const known = await findWebhook(deps.db, input)
  if (known === undefined) throw webhookMissing()
  const lockAndRotate = () =>
    deps.db.transaction().execute(async (waiting) => {
      await lockWebhookSecret(waiting, input)
      // Not in this transaction: the new secret has to be known to all processes before the remote signs with it.
      await rotate(deps, input)
    })
  await ofConnection(known.connection_id)(() => inAll(lockAndRotate))
  await auditWebhook(deps, input, 'webhook.secret_rotated')
  return getWebhookView(deps, input)
}

async function rotate(deps: WebhookActionDeps, input: WebhookActionInput): Promise<void> {
  const { place, row } = await openPlace(deps, input)
  const uuid = row.remote_uuid
  if (uuid === null && place.connection.kind === 'jira') return rotateByHand(deps, input)
  if (uuid === null) throw new AppError('conflict', 'The webhook is not in place yet. Repair it first.')
  const secret = newSecret(32)
  const title = remoteTitles[place.connection.kind]
  await deps.db.transaction().execute((tx) => keepBoth(deps, tx, { ...input, secret, title }))
  const { url, events } = row
  const body = { description: webhookDescription(deps.settings), url, active: true, events, secret }
  await place.hooks.update('person', { id: uuid, body })
  await deps.db.transaction().execute((tx) => noteArrival(deps, tx, input))
}

/** A hook of Jira that somebody made there by hand: they have to carry the new secret over. */
async function rotateByHand(deps: WebhookActionDeps, input: WebhookActionInput): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    await keepBoth(deps, tx, { ...input, secret: newSecret(32), title: remoteTitles.jira })
    const reason =
      'Give the webhook in Jira the new secret that “Set up by hand” shows; the former one is good for one more hour.'
    await updateWebhook(
      tx,
      { ...input, now: deps.clock() },
      { health: 'forbidden', health_reason: reason, last_delivery_at: null },
    )
  })
}

async function keepBoth(
  deps: WebhookActionDeps,
  tx: Db,
  input: WebhookActionInput & { secret: string; title: string },
) {
  const row = await lockLive(tx, input)
  const now = deps.clock()
  await updateWebhook(
    tx,
    { ...input, now },
    {
      sealed_secret: sealWebhookSecret(deps.secretBox, input, input.secret),
      sealed_previous_secret: row.sealed_secret,
      previous_secret_until: new Date(now.getTime() + oldSecretLivesMs),
      health: 'changed',
      health_reason: `The new secret has not reached ${input.title} yet. Repair sends it again.`,
    },
  )
}

async function noteArrival(deps: WebhookActionDeps, tx: Db, input: WebhookActionInput): Promise<void> {
  await lockLive(tx, input)
  const now = deps.clock()
  await updateWebhook(tx, { ...input, now }, { health: 'ok', health_reason: null, checked_at: now })
}

/** The hook, unless somebody removed it meanwhile: that stands. */
async function lockLive(tx: Db, input: WebhookActionInput): Promise<WebhookRow> {
  const row = await lockWebhook(tx, input)
  if (row === undefined || row.health === 'removed') throw webhookMissing()
  return row
}
