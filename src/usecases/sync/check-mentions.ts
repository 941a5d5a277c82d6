import { isMentioned, mentionsAtMost } from '../../domain/mentions.ts'
import { AppError } from '../../lib/app-error.ts'
import { listContributorsByIds } from '../../store/access/contributors.ts'
import { listMemberNames } from '../../store/access/members.ts'
import type { Db } from '../../store/db.ts'
import type { MentionedPerson } from '../../store/sync/message-mentions.ts'

/** Somebody an author chose for an `@name`: a member, or an account seen at a remote. */
export type ChosenMention = { name: string; member_id?: string | undefined; contributor_id?: string | undefined }

type Chosen = { organizationId: string; body: string; mentions: readonly ChosenMention[] }

/**
 * Whom a text means, of those its author chose: who is not in the text any more is left out. Throws `not_found` for
 * somebody who is not of this organization, `validation_failed` for more people than one message may call.
 */
export async function checkMentions(db: Db, { organizationId, body, mentions }: Chosen): Promise<MentionedPerson[]> {
  const meant = mentions.filter(({ name }) => isMentioned(body, name))
  if (meant.length > mentionsAtMost)
    throw new AppError('validation_failed', `A message can call ${mentionsAtMost} people by name at most.`)
  const members = await listMemberNames(db, { organizationId, ids: idsOf(meant, 'member_id') })
  const contributors = await listContributorsByIds(db, { organizationId, ids: idsOf(meant, 'contributor_id') })
  return meant.map(({ name, member_id: memberId, contributor_id: contributorId }): MentionedPerson => {
    if (memberId !== undefined && members.has(memberId)) return { name, memberId, contributorId: null }
    if (contributorId !== undefined && contributors.some(({ id }) => id === contributorId))
      return { name, memberId: null, contributorId }
    throw new AppError('not_found', `Nobody here is meant by “@${name}”. Choose them from the list again.`)
  })
}

function idsOf(mentions: readonly ChosenMention[], field: 'member_id' | 'contributor_id'): string[] {
  return mentions.flatMap((one) => one[field] ?? [])
}
