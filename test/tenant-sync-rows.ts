import type { Db } from '../src/store/db.ts'
import type { Fixture, TenantIds } from './tenant-fixture.ts'

/** Addresses outside, and what waits for them. */
export async function fillOutgoing(db: Db, { organizationId: organization_id, mark, at }: Fixture, ids: TenantIds) {
  const sealed = { sealed_url: `${mark}-sealed-url`, sealed_secret: `${mark}-sealed-canary` }
  await db
    .insertInto('outgoing_webhook')
    .values({
      organization_id,
      id: ids.outgoing_webhook,
      name: `${mark} receiver`,
      kind: 'standard',
      address: `https://${mark}.example`,
      ...sealed,
      events: ['message.created'],
      state: 'active',
      created_at: at,
    })
    .execute()
  await db
    .insertInto('outgoing_delivery')
    .values({
      organization_id,
      id: ids.outgoing_delivery,
      webhook_id: ids.outgoing_webhook,
      event_id: ids.message,
      event_type: 'message.created',
      payload: JSON.stringify({ type: 'message.created', data: { message: `${mark} message` } }),
      state: 'delivered',
      created_at: at,
    })
    .execute()
}

/** Items, their threads, and what travels between both sides. */
export async function fillSync(db: Db, { organizationId: organization_id, mark, at }: Fixture, ids: TenantIds) {
  const { vulnerability: vulnerability_id, connection: connection_id, defect: defect_id, message: message_id } = ids
  await db
    .insertInto('defect')
    .values({
      organization_id,
      id: ids.defect,
      vulnerability_id,
      tracker: 'bitbucket-issues',
      connection_id,
      repository_id: ids.repository,
      container_id: `{${ids.repository}}`,
      remote_id: '7',
      link: 'ok',
      url: `http://127.0.0.1:9/${mark}/7`,
    })
    .execute()
  await db
    .insertInto('message')
    .values({
      organization_id,
      id: ids.message,
      vulnerability_id,
      author_kind: 'member',
      author_member_id: ids.member,
      author_name: `${mark} author`,
      body: `${mark} message`,
      created_at: at,
    })
    .execute()
  await db
    .insertInto('contributor')
    .values({
      organization_id,
      id: ids.contributor,
      kind: 'bitbucket',
      remote_id: `{${ids.contributor}}`,
      account_id: `712020:${mark}`,
      display_name: `${mark} contributor`,
      first_seen_at: at,
      last_seen_at: at,
    })
    .execute()
  const file = { name: `${mark}.txt`, media_type: 'text/plain', bytes: 9, created_at: at }
  await db
    .insertInto('attachment')
    .values({ organization_id, id: ids.attachment, vulnerability_id, message_id, ...file })
    .execute()
  await db
    .insertInto('attachment_link')
    .values({
      organization_id,
      id: ids.attachment,
      attachment_id: ids.attachment,
      defect_id,
      direction: 'in',
      remote_id: `${mark}.txt`,
      state: 'sent',
      created_at: at,
      updated_at: at,
    })
    .execute()
  await db
    .insertInto('notification')
    .values({
      organization_id,
      id: ids.notification,
      member_id: ids.member,
      vulnerability_id,
      kind: 'message',
      message_id,
      subject: `${mark} subject`,
      created_at: at,
    })
    .execute()
  await db
    .insertInto('delivery')
    .values({
      organization_id,
      id: ids.delivery,
      webhook_id: ids.webhook,
      connection_id,
      remote_delivery_id: ids.delivery,
      event_key: 'issue:comment_created',
      body: Buffer.from(`{"canary":"${mark}"}`),
      body_sha256: mark,
      state: 'failed',
      received_at: at,
    })
    .execute()
  await db
    .insertInto('operation')
    .values({
      organization_id,
      id: ids.operation,
      kind: 'create_comment',
      key: `${mark}-operation`,
      lane: 'person',
      vulnerability_id,
      defect_id,
      message_id,
      connection_id,
      state: 'failed',
      created_at: at,
    })
    .execute()
}
