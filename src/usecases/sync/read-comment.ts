import { listSpelled, readMentions, toMentionName } from '../../domain/mentions.ts'
import { readMessage } from '../../domain/message-text.ts'
import { type KnownContributor, listMentionedContributors } from '../../store/access/contributors.ts'
import type { Db } from '../../store/db.ts'
import type { DefectRow } from '../../store/sync/defects.ts'
import type { MentionedPerson } from '../../store/sync/message-mentions.ts'
import type { RemoteAccount, TrackerComment } from '../../trackers/tracker.ts'
import { knowContributor } from './know-contributor.ts'
import { remoteKindOf } from './remote-title.ts'
import type { WriteDeps } from './sync-deps.ts'

/** Who wrote a comment, as Weir shows them. `memberId`: the member whose account it is, null for nobody here. */
export type Speaker = {
  contributorId: string | null
  memberId: string | null
  name: string
  /** As the remote calls the account; the pseudonym of whoever was anonymised. */
  accountName: string
  isBot: boolean
}

/** Who is behind an account, by the name of the member it belongs to, else by that of the remote. */
export async function meetSpeaker(
  deps: WriteDeps,
  tx: Db,
  { defect, account }: { defect: DefectRow; account: RemoteAccount },
): Promise<Speaker> {
  const organizationId = defect.organization_id
  const known = await knowContributor(deps, tx, { organizationId, kind: remoteKindOf(defect), account })
  return {
    contributorId: known?.id ?? null,
    memberId: known?.member_id ?? null,
    name: known === undefined ? account.name : shownName(known),
    accountName: (known?.anonymised_at ?? null) === null ? account.name : (known?.display_name ?? account.name),
    isBot: known?.is_bot ?? account.isBot === true,
  }
}

/** What a comment says, without what is ours in it, and whom it means. */
export type ReadComment = { body: string; mentions: MentionedPerson[] }

/** Accounts in the text become the names of the people behind them; whom nobody knows is called as the remote does. */
export async function readComment(tx: Db, defect: DefectRow, comment: TrackerComment): Promise<ReadComment> {
  const body = readMessage(comment.body)
  const accounts = listSpelled(body)
  if (accounts.length === 0) return { body, mentions: [] }
  const key = { organizationId: defect.organization_id, kind: remoteKindOf(defect), accounts }
  const known = await listMentionedContributors(tx, key)
  const names = new Map<string, string>()
  const mentions = new Map<string, MentionedPerson>()
  for (const account of accounts) {
    const contributor = known.find((one) => isCalled(one, account))
    const shown = toMentionName(
      contributor === undefined ? (comment.named?.get(account) ?? '') : shownName(contributor),
    )
    const name = contributor === undefined ? shown : distinctName(shown, contributor.id, mentions)
    names.set(account, name)
    if (contributor !== undefined) mentions.set(name, { name, memberId: null, contributorId: contributor.id })
  }
  return { body: readMentions(body, (account) => names.get(account) ?? 'somebody'), mentions: [...mentions.values()] }
}

function isCalled({ account_id, remote_id }: KnownContributor, account: string): boolean {
  return account_id === account || remote_id === account || remote_id === `{${account}}`
}

/** Two people of the same name in one text stay two. */
function distinctName(name: string, id: string, taken: ReadonlyMap<string, MentionedPerson>): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name} ${number}`
    const other = taken.get(candidate)
    if (other === undefined || other.contributorId === id) return candidate
  }
}

/** How somebody known by an account is called here. */
export function shownName({
  member_name,
  display_name,
}: Pick<KnownContributor, 'member_name' | 'display_name'>): string {
  return member_name ?? display_name
}
