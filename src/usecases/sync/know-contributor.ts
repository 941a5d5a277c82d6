import type { RemoteKind } from '../../domain/remote-kind.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import {
  findContributor,
  type KnownContributor,
  linkContributor,
  type SeenContributor,
  upsertContributor,
} from '../../store/access/contributors.ts'
import { findMemberByEmail } from '../../store/access/members.ts'
import type { Db } from '../../store/db.ts'
import { judgeBots } from '../../store/delivery/people/bots.ts'
import type { RemoteAccount } from '../../trackers/tracker.ts'

type Deps = { clock: Clock; newId: NewId }
type Seen = { organizationId: string; kind: RemoteKind; account: RemoteAccount }

/** Whoever writes every minute is not written down every minute. */
const seenEveryMs = 3600_000

/**
 * The account that was seen at a remote, as it is called now, and the member it belongs to where that can be known: by an
 * e-mail address the remote shows, or as the same account at another remote, never by a name. Undefined for nobody.
 */
export async function knowContributor(deps: Deps, tx: Db, seen: Seen): Promise<KnownContributor | undefined> {
  const { organizationId, kind, account } = seen
  if (account.uuid === null) return undefined
  const key = { organizationId, kind, remoteId: account.uuid }
  const known = await findContributor(tx, key)
  const now = deps.clock()
  const isNoted =
    known !== undefined && !isNews(known, account) && now.getTime() - known.last_seen_at.getTime() <= seenEveryMs
  if (!isNoted) {
    const id = await upsertContributor(tx, {
      ...key,
      id: deps.newId(),
      accountId: account.accountId ?? null,
      name: account.name,
      nickname: account.nickname ?? null,
      email: account.email ?? null,
      isBot: account.isBot === true,
      isClosed: account.isClosed === true,
      seenAt: now,
    })
    await judgeBots(tx, { organizationId, ids: [id] })
  }
  const current = isNoted ? known : await findContributor(tx, key)
  if (current === undefined || !(await link(tx, current, account))) return current
  return findContributor(tx, key)
}

function isNews(known: KnownContributor, account: RemoteAccount): boolean {
  const isNamed = known.anonymised_at === null
  return (
    (isNamed && known.display_name !== account.name) ||
    (isNamed && known.nickname !== (account.nickname ?? null)) ||
    (isNamed && account.email !== undefined && known.email !== account.email.toLowerCase()) ||
    (account.accountId !== undefined && known.account_id !== account.accountId) ||
    (known.closed_at !== null) !== (account.isClosed === true) ||
    (account.isBot === true && !known.remote_is_bot)
  )
}

/** Answers whether it was nobody's and now is somebody's. What a person decided stands. */
async function link(tx: Db, known: SeenContributor, account: RemoteAccount): Promise<boolean> {
  if (known.member_id !== null || known.is_decided || known.is_bot || known.anonymised_at !== null) return false
  const organizationId = known.organization_id
  const key = { organizationId, id: known.id, isDecided: false }
  const byMail = account.email === undefined ? undefined : await findMemberByEmail(tx, organizationId, account.email)
  if (byMail !== undefined && byMail.disabledAt === null) {
    await linkContributor(tx, { ...key, memberId: byMail.id, linkedBy: 'email' })
    return true
  }
  const memberId = known.account_member_id
  if (memberId === null) return false
  await linkContributor(tx, { ...key, memberId, linkedBy: 'account' })
  return true
}
