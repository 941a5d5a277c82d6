import * as z from 'zod'

/** An account as records name it. */
export type RecordAccount = {
  uuid: string
  accountId: string | null
  name: string
  nickname: string | null
  /** Not a person: the account of an access token, an app or a team. */
  isBot: boolean
}

/** A record as it came, read or not. `key` is what the remote calls it, where that much can be read. */
export type ReadRecord<Entry> =
  | { kind: 'entry'; key: string; entry: Entry }
  | { kind: 'bad'; key: string | null; reason: string }

const largestInteger = 2_147_483_647

/** PostgreSQL's text holds no NUL and no half of a pair. */
export const text = z.string().transform((value) => value.replaceAll('\0', '').toWellFormed())
export const counted = z.number().int().min(0).max(largestInteger)

/** Fractions of up to nine digits and any offset; https://developer.atlassian.com/cloud/bitbucket/rest/intro/ */
export const moment = z.string().transform((value, context) => {
  const ms = Date.parse(value)
  if (!Number.isNaN(ms)) return new Date(ms)
  context.addIssue({ code: 'custom', message: 'is no time' })
  return z.NEVER
})
export const maybeMoment = moment.nullish().transform((value) => value ?? null)

const user = z.object({
  type: z.string().nullish(),
  uuid: z.string().min(1),
  account_id: z.string().nullish(),
  display_name: text.nullish(),
  nickname: text.nullish(),
})

/** Null where the remote names nobody, or nobody it still knows: what is said stays, by somebody unknown. */
export const account = z.unknown().transform((value): RecordAccount | null => {
  const parsed = user.safeParse(value)
  if (!parsed.success) return null
  const { uuid, type, account_id, display_name, nickname } = parsed.data
  return {
    uuid,
    accountId: account_id ?? null,
    name: display_name ?? nickname ?? uuid,
    nickname: nickname ?? null,
    isBot: (type ?? 'user') !== 'user',
  }
})

const named = z.union([
  z.object({ uuid: z.string() }).transform(({ uuid }) => uuid),
  z.object({ id: z.union([z.string(), z.number()]) }).transform(({ id }) => String(id)),
])

/** Reads one record by itself, so that one that makes no sense takes no other along. */
export function readRecord<Entry extends { key: string }>(schema: z.ZodType<Entry>, value: unknown): ReadRecord<Entry> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return { kind: 'entry', key: parsed.data.key, entry: parsed.data }
  const places = parsed.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.') || 'record'}: ${issue.message}`)
  const name = named.safeParse(value)
  return { kind: 'bad', key: name.success ? name.data : null, reason: places.join('; ') }
}
