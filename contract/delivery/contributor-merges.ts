import * as z from 'zod'
import { contributorKinds } from '../../src/domain/remote-kind.ts'
import { id, idParams, page, pageQuery, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

const account = z.object({ id, kind: z.enum(contributorKinds), name: z.string(), nickname: z.string().nullable() })

/** Two accounts that are likely one person's: by what, and never by a name alone. `into` would stand for both. */
export const mergeSuggestion = z.object({
  into: account,
  from: account,
  /** The same Atlassian account, the same e-mail address, the same member. */
  reasons: z.array(z.enum(['account', 'email', 'member'])),
})
export type MergeSuggestion = z.infer<typeof mergeSuggestion>

export const listMergeSuggestions = defineRoute({
  id: 'listMergeSuggestions',
  method: 'GET',
  path: '/api/v1/contributor-merges/suggestions',
  summary: 'Accounts that are likely one person’s: the same Atlassian account, address or member; 200 at most',
  tag: 'People',
  access: 'member.write',
  status: 200,
  response: z.object({ items: z.array(mergeSuggestion), total: z.number().int() }),
})

/** That two accounts are one person's, as it was said once. */
export const contributorMerge = z.object({
  id,
  from: account,
  into: account,
  source: z.enum(['suggestion', 'person', 'file']),
  /** Of one upload; all of it can be taken back at once. */
  upload_id: id.nullable(),
  made_by: z.string(),
  made_at: timestamp,
  undone_by: z.string().nullable(),
  undone_at: timestamp.nullable(),
})
export type ContributorMerge = z.infer<typeof contributorMerge>

export const listContributorMerges = defineRoute({
  id: 'listContributorMerges',
  method: 'GET',
  path: '/api/v1/contributor-merges',
  summary: 'Which accounts were merged, by whom, last first, with what was taken back',
  tag: 'People',
  access: 'read',
  status: 200,
  query: z.strictObject(pageQuery),
  response: page(contributorMerge),
})

const mergeAnswer = z.object({
  merged: z.number().int(),
  refused: z.array(z.object({ from: id, into: id, reason: z.string() })),
})
export type MergeAnswer = z.infer<typeof mergeAnswer>

export const mergeContributors = defineRoute({
  id: 'mergeContributors',
  method: 'POST',
  path: '/api/v1/contributor-merges',
  summary: 'Make one person of accounts; what is refused says why, and the rest is done',
  tag: 'People',
  access: 'member.write',
  status: 200,
  body: z.strictObject({
    merges: z
      .array(z.strictObject({ from: id, into: id }))
      .min(1)
      .max(500),
    source: z.enum(['suggestion', 'person']).optional(),
  }),
  response: mergeAnswer,
})

const mergeUpload = z.object({
  lines: z.number().int(),
  merged: z.number().int(),
  /** Lines that say what was so before. */
  already: z.number().int(),
  refused: z.array(z.object({ line: z.number().int(), reason: z.string() })),
  /** Null for a dry run, and where nothing was merged. */
  upload_id: id.nullable(),
})
export type MergeUpload = z.infer<typeof mergeUpload>

export const importContributorMerges = defineRoute({
  id: 'importContributorMerges',
  method: 'POST',
  path: '/api/v1/contributor-merges/import',
  summary: 'Merge what a table with the columns person and account says; a dry run changes nothing',
  tag: 'People',
  access: 'member.write',
  status: 200,
  body: z.strictObject({ csv: z.string().min(1).max(1_000_000), dry_run: z.boolean() }),
  response: mergeUpload,
})

const undone = z.object({ undone: z.number().int() })

export const undoContributorMerge = defineRoute({
  id: 'undoContributorMerge',
  method: 'POST',
  path: '/api/v1/contributor-merges/:id/undo',
  summary: 'Take a merge back: everything is as if it had never been said',
  tag: 'People',
  access: 'member.write',
  status: 200,
  params: idParams,
  response: undone,
})

export const undoMergeUpload = defineRoute({
  id: 'undoMergeUpload',
  method: 'POST',
  path: '/api/v1/contributor-merge-uploads/:id/undo',
  summary: 'Take back all merges of one upload that were not taken back yet',
  tag: 'People',
  access: 'member.write',
  status: 200,
  params: idParams,
  response: undone,
})

export const keepContributorsApart = defineRoute({
  id: 'keepContributorsApart',
  method: 'POST',
  path: '/api/v1/contributor-merges/keep-apart',
  summary: 'Say that two accounts are two people’s: they are suggested no more',
  tag: 'People',
  access: 'member.write',
  status: 204,
  body: z.strictObject({ one_id: id, other_id: id }),
})
