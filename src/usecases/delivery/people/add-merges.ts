import { type AccountMerge, groupAccounts, openGroups } from '../../../domain/people/group-accounts.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import {
  insertMerges,
  listLiveMerges,
  listMergeAccounts,
  lockMerges,
  type MergeAccount,
  type MergeSource,
  type NewMerge,
  writeStanding,
} from '../../../store/delivery/people/merges.ts'

/** What became of one merge that was asked for; `reason` in a sentence, null for what was done. */
export type MergeVerdict = AccountMerge & { outcome: 'merged' | 'already' | 'refused'; reason: string | null }

type Asked = {
  organizationId: string
  merges: readonly AccountMerge[]
  source: MergeSource
  batchId: string | null
  madeBy: string
}

/** Merges accounts as far as they may be, and works out anew which stands for whom. Takes the lock of merges. */
export async function addMerges(deps: { clock: Clock; newId: NewId }, tx: Db, asked: Asked): Promise<MergeVerdict[]> {
  const { organizationId } = asked
  await lockMerges(tx, organizationId)
  const accounts = await listMergeAccounts(tx, {
    organizationId,
    ids: asked.merges.flatMap(({ from, into }) => [from, into]),
  })
  const judge = openJudge(accounts, await listLiveMerges(tx, organizationId))
  const verdicts = asked.merges.map(judge)
  const made: NewMerge[] = verdicts
    .filter(({ outcome }) => outcome === 'merged')
    .map(({ from, into }) => ({ from, into, id: deps.newId() }))
  await insertMerges(tx, { ...asked, now: deps.clock() }, made)
  if (made.length > 0) await regroup(tx, { organizationId, accounts })
  return verdicts
}

/** Says which account stands for each person by the merges there are now. Needs the lock of merges. */
export async function regroup(
  tx: Db,
  { organizationId, accounts }: { organizationId: string; accounts: ReadonlyMap<string, MergeAccount> },
): Promise<void> {
  const groups = groupAccounts(await listLiveMerges(tx, organizationId), accounts)
  const standing = new Map<string, string | null>()
  for (const { id, mergedInto } of accounts.values()) {
    const top = groups.get(id) ?? id
    const next = top === id ? null : top
    if (next !== mergedInto) standing.set(id, next)
  }
  await writeStanding(tx, { organizationId, standing })
}

/** Judges one merge after the other, each as if those before it were done. */
function openJudge(accounts: ReadonlyMap<string, MergeAccount>, live: readonly AccountMerge[]) {
  const groups = openGroups()
  for (const { from, into } of live) groups.join(from, into)
  const members = new Map<string, Set<string>>()
  const membersOf = (id: string): Set<string> => members.get(groups.find(id)) ?? new Set()
  for (const { id, memberId } of accounts.values())
    if (memberId !== null) members.set(groups.find(id), membersOf(id).add(memberId))
  return (merge: AccountMerge): MergeVerdict => {
    const [from, into] = [accounts.get(merge.from), accounts.get(merge.into)]
    const refuse = (reason: string) => ({ ...merge, outcome: 'refused' as const, reason })
    if (from === undefined || into === undefined) return refuse('There is no such account here.')
    if (groups.find(merge.from) === groups.find(merge.into))
      return { ...merge, outcome: 'already', reason: 'They are one person already.' }
    if (from.isAnonymised || into.isAnonymised) return refuse('Who was anonymised stays apart.')
    const both = membersOf(merge.from).union(membersOf(merge.into))
    if (both.size > 1) return refuse('They belong to two members: say first whose the accounts are.')
    groups.join(merge.from, merge.into)
    if (both.size > 0) members.set(groups.find(merge.from), both)
    return { ...merge, outcome: 'merged', reason: null }
  }
}
