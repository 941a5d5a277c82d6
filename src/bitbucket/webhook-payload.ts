import * as z from 'zod'

/** The fields we read of webhook payloads. Only what identifies things: the rest is fetched. */
const account = z
  .object({ uuid: z.string(), display_name: z.string().optional(), nickname: z.string().optional() })
  .transform((value) => ({ uuid: value.uuid, displayName: value.display_name ?? value.nickname ?? 'somebody' }))

/** Accounts of deleted users and of apps may be null or lack what we read; that is no reason to lose the event. */
const actor = account.nullish().catch(null)

const repository = z
  .object({ uuid: z.string().min(1), full_name: z.string().optional(), name: z.string().optional() })
  .transform((value) => ({ uuid: value.uuid, fullName: value.full_name ?? value.name ?? value.uuid }))

const about = { actor, repository }
const itemId = z.number().int().nonnegative()
/** Only to know what is known already; whatever else it says is fetched. */
const moment = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .nullish()
  .catch(null)
const comment = z.object({
  id: itemId,
  parent: z.object({ id: itemId }).nullish(),
  created_on: moment,
  updated_on: moment,
  content: z.object({ raw: z.string().nullish() }).nullish().catch(null),
})
export type CommentPayload = z.output<typeof comment>
const hash = z.string().regex(/^[0-9a-f]{7,64}$/i)

export const pullRequestPayload = z.object({ ...about, pullrequest: z.object({ id: itemId }) })

export const pullRequestCommentPayload = z.object({ ...about, pullrequest: z.object({ id: itemId }), comment })

export const commitCommentPayload = z.object({
  ...about,
  comment: z.object({ ...comment.shape, commit: z.object({ hash }).optional() }),
  commit: z.object({ hash }).optional(),
})

export const issuePayload = z.object({
  ...about,
  issue: z.object({ id: itemId }),
  comment: comment.nullish(),
  changes: z.record(z.string(), z.unknown()).nullish(),
})

/** A change of state under either of its two historical names. */
export const stateChange = z.object({ new: z.string().nullable() })

const ref = z
  .object({ type: z.string(), name: z.string(), target: z.object({ hash }).nullish() })
  .nullish()
  .catch(null)

export const pushPayload = z.object({
  ...about,
  push: z.object({ changes: z.array(z.object({ old: ref, new: ref })) }),
})

export const statusPayload = z.object({ commit_status: z.object({ key: z.string() }) })

export const repositoryPayload = z.object(about)
