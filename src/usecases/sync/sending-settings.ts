import type * as z from 'zod'
import type { previewItem as previewRoute, SendingSettings } from '../../../contract/sync/sending-settings.ts'
import { composeItemBody, composeItemTitle } from '../../domain/item-text.ts'
import { type Marker, markerLine } from '../../domain/message-text.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import type { Db } from '../../store/db.ts'
import { findItemSource } from '../../store/sync/sendable.ts'
import { findStoredSending, writeStoredSending } from '../../store/sync/sending-settings.ts'
import { type AuditActor, recordAudit } from '../access/audit.ts'
import { composeContent, readSending } from './compose-content.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }
type Own = SendingSettings & { is_default: boolean }

/** What the organization decided about what leaves for trackers; what Weir begins with while it decided nothing. */
export async function getSendingSettings(
  deps: { db: Db },
  { organizationId }: { organizationId: string },
): Promise<Own> {
  const stored = await findStoredSending(deps.db, organizationId)
  return { ...(await readSending(deps.db, organizationId)), is_default: stored === null }
}

type Update = { organizationId: string; actor: AuditActor; settings: SendingSettings }

export async function updateSendingSettings(deps: Deps, input: Update): Promise<Own> {
  await deps.db.transaction().execute((tx) => updateInTransaction(deps, tx, input))
  return getSendingSettings(deps, input)
}

async function updateInTransaction(deps: Deps, tx: Db, { organizationId, actor, settings }: Update): Promise<void> {
  const before = await readSending(tx, organizationId)
  await writeStoredSending(tx, { organizationId, sending: settings, now: deps.clock() })
  await recordAudit(deps, tx, { organizationId, actor, action: 'sending.changed', before, after: settings })
}

type Asked = z.output<NonNullable<(typeof previewRoute)['body']>>
type Preview = z.output<NonNullable<(typeof previewRoute)['response']>>

/** No item has this key: the preview is sent nowhere. */
const nowhere: Marker = { instance: '0', kind: 'defect', id: '00000000-0000-0000-0000-000000000000' }

/** What an item of this vulnerability would say. Throws `not_found`. */
export async function previewItem(
  deps: { db: Db; publicUrl: string },
  { organizationId, asked }: { organizationId: string; asked: Asked },
): Promise<Preview> {
  const { vulnerability_id: vulnerabilityId } = asked
  const source = await findItemSource(deps.db, { organizationId, vulnerabilityId })
  if (source === undefined) throw new AppError('not_found', 'There is no such vulnerability.')
  const organization = asked.organization ?? (await readSending(deps.db, organizationId))
  const about = { source, vulnerabilityId, publicUrl: deps.publicUrl }
  const content = composeContent(about, { organization, routeSettings: asked.route })
  const body = composeItemBody(content, { kind: 'issue', marker: nowhere })
  return {
    vulnerability: { id: vulnerabilityId, number: source.number, title: source.title },
    kind: source.kind,
    title: composeItemTitle(content),
    body: body.replace(markerLine(nowhere), '').trimEnd(),
  }
}
