import * as z from 'zod'
import { callChannels, callKinds, mailKinds } from '../../src/domain/calls/call-kinds.ts'
import { id, pageQuery, repeated, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

export const notification = z.object({
  id,
  kind: z.enum(callKinds),
  subject: z.string(),
  /** Null where one call is about many, and `count` says how many, or about none, such as a webhook. */
  vulnerability: z
    .object({
      id,
      number: z.number().int(),
      title: z.string(),
      severity: z.string(),
      status: z.string(),
    })
    .nullable(),
  asset_name: z.string().nullable(),
  count: z.number().int().nullable(),
  read_at: timestamp.nullable(),
  created_at: timestamp,
})

export type Notification = z.infer<typeof notification>

export const listNotifications = defineRoute({
  id: 'listNotifications',
  method: 'GET',
  path: '/api/v1/notifications',
  summary: 'Inbox of the asking member, newest first',
  tag: 'Inbox',
  access: 'session',
  status: 200,
  query: z.strictObject({ ...pageQuery, unread: z.stringbool().optional(), kind: repeated(notification.shape.kind) }),
  response: z.object({ items: z.array(notification), next: z.string().nullable(), unread: z.number().int() }),
})

const settings = z.object({
  /** Each kind with when it leaves Weir (at once, or in the day's digest) and by which channels the member wants it. */
  kinds: z.array(
    z.object({
      kind: notification.shape.kind,
      at_once: z.boolean(),
      in_app: z.boolean(),
      email: z.boolean(),
      slack: z.boolean(),
      teams: z.boolean(),
    }),
  ),
  /** Hour of the day at which the digest is sent, in `time_zone`. */
  digest_hour: z.number().int(),
  time_zone: z.string(),
  /** Whether the member chose the zone; otherwise it is the organization's. */
  is_own_zone: z.boolean(),
  /** Where mails go; null while Weir sends none. */
  email: z.string().nullable(),
  chats: z.array(
    z.object({
      channel: z.enum(['slack', 'teams']),
      /** Origin of its address; the rest is a secret. */
      address: z.string(),
      /** Why the last message did not arrive. */
      error: z.string().nullable(),
      /** Since when nothing is sent, because the receiver wants no more. */
      ended_at: timestamp.nullable(),
    }),
  ),
})

export type NotificationSettings = z.infer<typeof settings>

export const getNotificationSettings = defineRoute({
  id: 'getNotificationSettings',
  method: 'GET',
  path: '/api/v1/notification-settings',
  summary: 'What the asking member is called for, by which channels and when',
  tag: 'Inbox',
  access: 'session',
  status: 200,
  response: settings,
})

export const updateNotificationSettings = defineRoute({
  id: 'updateNotificationSettings',
  method: 'PUT',
  path: '/api/v1/notification-settings',
  summary: 'Choose what the asking member is called for from now on; what is not named stays as it is',
  tag: 'Inbox',
  access: 'session',
  status: 200,
  body: z.strictObject({
    choices: z
      .array(z.strictObject({ kind: notification.shape.kind, channel: z.enum(callChannels), wanted: z.boolean() }))
      .max(callKinds.length * callChannels.length)
      .optional(),
    digest_hour: z.number().int().min(0).max(23).optional(),
    /** Of the IANA database, such as Europe/Berlin; null for the organization's. */
    time_zone: z.string().trim().min(1).max(100).nullable().optional(),
  }),
  response: settings,
})

const chatChannel = z.enum(['slack', 'teams'])

export const setNotificationChat = defineRoute({
  id: 'setNotificationChat',
  method: 'PUT',
  path: '/api/v1/notification-settings/chat',
  summary:
    "Give the address of the asking member's own chat in Slack or Microsoft Teams (never shown again), or null for none",
  tag: 'Inbox',
  access: 'session',
  status: 200,
  body: z.strictObject({ channel: chatChannel, url: z.string().trim().min(1).max(2000).nullable() }),
  response: settings,
})

export const testNotificationChat = defineRoute({
  id: 'testNotificationChat',
  method: 'POST',
  path: '/api/v1/notification-settings/chat/test',
  summary: "Write a test message into the asking member's chat, now",
  tag: 'Inbox',
  access: 'session',
  status: 204,
  body: z.strictObject({ channel: chatChannel }),
})

const unsubscriptionToken = z.string().min(1).max(2000)
const unsubscription = z.object({
  email: z.string(),
  organization_name: z.string(),
  kinds: z.array(z.enum(mailKinds)),
})

export const findUnsubscription = defineRoute({
  id: 'findUnsubscription',
  method: 'POST',
  path: '/api/v1/unsubscriptions/look-up',
  summary: 'Which mails the link in a mail ends (the token stays out of addresses)',
  tag: 'Inbox',
  access: 'public',
  status: 200,
  body: z.strictObject({ token: unsubscriptionToken }),
  response: unsubscription,
})

export const unsubscribe = defineRoute({
  id: 'unsubscribe',
  method: 'POST',
  path: '/api/v1/unsubscriptions',
  summary: 'End the mails that the link in a mail is about, without a login',
  tag: 'Inbox',
  access: 'public',
  status: 200,
  body: z.strictObject({ token: unsubscriptionToken }),
  response: unsubscription,
})

const mailState = z.object({
  /** `off` while WEIR_SMTP_URL is not set. */
  state: z.enum(['on', 'off']),
  /** Host and port of the mail server. */
  server: z.string().nullable(),
  from: z.string().nullable(),
  last_sent_at: timestamp.nullable(),
  /** What was wrong the last time a mail could not be sent, if none was sent since. */
  last_error: z.string().nullable(),
  /** Mails that wait to be sent. */
  waiting: z.number().int(),
})

export type MailState = z.infer<typeof mailState>

export const getMailState = defineRoute({
  id: 'getMailState',
  method: 'GET',
  path: '/api/v1/mail',
  summary: 'Whether Weir sends e-mail, and how that goes',
  tag: 'Inbox',
  access: 'organization.write',
  status: 200,
  response: mailState,
})

export const sendTestMail = defineRoute({
  id: 'sendTestMail',
  method: 'POST',
  path: '/api/v1/mail/test',
  summary: 'Send a test mail to the asking member, now',
  tag: 'Inbox',
  access: 'organization.write',
  status: 200,
  response: z.object({ sent_to: z.string() }),
})

export const readNotifications = defineRoute({
  id: 'readNotifications',
  method: 'POST',
  path: '/api/v1/notifications/read',
  summary: 'Mark notifications as read: some by id, all of some kinds, or all',
  tag: 'Inbox',
  access: 'session',
  status: 200,
  body: z.strictObject({
    ids: z.array(id).max(500).optional(),
    kinds: z.array(notification.shape.kind).min(1).max(callKinds.length).optional(),
  }),
  response: z.object({ unread: z.number().int() }),
})
