import { findDigest } from '../../../domain/calls/find-digest.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import { claimDigest, type DigestMember, listDigestChannels, listDigestMembers } from '../../../store/sync/digests.ts'
import { composeCall, takeWaiting } from '../../../store/sync/outgoing-calls.ts'
import { parseSla } from '../../security/deadlines/sla-rules.ts'
import { chooseZone, defaultDigestHour } from './digest-rhythm.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }

/** What comes in one go, as from an import or a lively thread, is one message. */
const gatherMs = 5000
/** And nobody has two messages by a channel within this. */
const quietMs = 60_000
const inOneTurn = 200

/** Makes messages of what is to leave at once: one for each member and channel, of all that waits for both. */
export async function composeCalls(deps: Deps): Promise<void> {
  const now = deps.clock()
  const ago = (ms: number) => new Date(now.getTime() - ms)
  await deps.db.transaction().execute(async (tx) => {
    const waiting = await takeWaiting(tx, { before: ago(gatherMs), quietSince: ago(quietMs), limit: inOneTurn })
    for (const one of waiting) await composeCall(deps, tx, { ...one, isDigest: false, until: now, now })
  })
}

/** Makes the day's digest of whoever's hour has come: one message by each channel that has something to say. */
export async function composeDigests(deps: Deps): Promise<void> {
  for (const member of await listDigestMembers(deps.db)) {
    const until = findDigest(toRhythm(member), deps.clock())
    if (until !== undefined) await deps.db.transaction().execute((tx) => composeDigest(deps, tx, { ...member, until }))
  }
}

async function composeDigest(
  deps: Deps,
  tx: Db,
  { organizationId, memberId, until }: { organizationId: string; memberId: string; until: Date },
): Promise<void> {
  const key = { organizationId, memberId, until }
  if (!(await claimDigest(tx, key))) return
  const now = deps.clock()
  for (const channel of await listDigestChannels(tx, key))
    await composeCall(deps, tx, { organizationId, memberId, channel, isDigest: true, until, now })
}

function toRhythm({ hour, timeZone, digestedUntil, sla }: DigestMember) {
  const zone = chooseZone(timeZone, parseSla(sla))
  return { hour: hour ?? defaultDigestHour, timeZone: zone, toldUntil: digestedUntil }
}
