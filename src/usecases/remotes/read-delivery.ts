import * as z from 'zod'
import type { RemoteKind } from '../../domain/remote-kind.ts'

/** Lower-case names, as Node gives them. */
export type DeliveryHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

type Given = { headers: DeliveryHeaders; rawBody: Uint8Array }

/** What tells deliveries apart; `attempt` counts from 1. */
export type DeliveryHeader = { remoteDeliveryId: string; eventKey: string; attempt: number }

/**
 * Bitbucket sends at most 256 KB; what is larger is not from there. https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/
 * Jira's hold whole issues with all their fields, and have no limit anybody would want to store.
 */
export const largestDeliveryBytes: Readonly<Record<RemoteKind, number>> = {
  bitbucket: 512 * 1024,
  jira: 2 * 1024 * 1024,
}

const deliveryId = /^[\w{}-]{1,100}$/

/** What a delivery says of itself, by its remote; undefined when it is not in the form that remote sends. */
export const readDelivery: Readonly<Record<RemoteKind, (given: Given) => DeliveryHeader | undefined>> = {
  bitbucket: readBitbucket,
  jira: readJira,
}

function readBitbucket({ headers }: Given): DeliveryHeader | undefined {
  const eventKey = oneHeader(headers['x-event-key'])
  if (eventKey === undefined || !/^[a-z_]+:[a-z_]{1,60}$/.test(eventKey)) return undefined
  return withId({
    id: oneHeader(headers['x-request-uuid']),
    eventKey,
    attempt: Number(oneHeader(headers['x-attempt-number']) ?? '1'),
  })
}

const payload = z.object({ webhookEvent: z.string().regex(/^([a-z]+:)?[a-z_]{1,60}$/) })

/** The event stands in the signed body. Retries are counted from 1: https://developer.atlassian.com/cloud/jira/platform/webhooks/ */
function readJira({ headers, rawBody }: Given): DeliveryHeader | undefined {
  const parsed = payload.safeParse(parseJson(rawBody))
  if (!parsed.success) return undefined
  return withId({
    id: oneHeader(headers['x-atlassian-webhook-identifier']),
    eventKey: parsed.data.webhookEvent,
    attempt: Number(oneHeader(headers['x-atlassian-webhook-retry']) ?? '0') + 1,
  })
}

function withId(read: { id: string | undefined; eventKey: string; attempt: number }): DeliveryHeader | undefined {
  const { id, eventKey, attempt } = read
  if (id === undefined || !deliveryId.test(id)) return undefined
  const isCount = Number.isInteger(attempt) && attempt > 0 && attempt < 100
  return { remoteDeliveryId: id, eventKey, attempt: isCount ? attempt : 1 }
}

/** A header that was sent once. */
export function oneHeader(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return undefined
  }
}
