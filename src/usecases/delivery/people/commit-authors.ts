import { digestAddress } from '../../../domain/people/pseudonym.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import {
  type AddressSource,
  insertAddresses,
  insertCommitAuthors,
  listAddressOwners,
} from '../../../store/delivery/people/addresses.ts'
import { judgeBots } from '../../../store/delivery/people/bots.ts'

/** An author as commits name them; without a name the part of the address before the @ stands for it. */
export type CommitAuthor = { address: string; name: string | null; seenAt: Date }

type Met = { organizationId: string; source: AddressSource; authors: readonly CommitAuthor[] }

/**
 * Whose accounts the authors of some commits are, by their addresses in lower case. Whom nobody knows becomes an account of
 * its own, of commits, that can be merged with others; what an anonymised person wrote stays theirs. One batch, four queries.
 */
export async function meetCommitAuthors(
  deps: { clock: Clock; newId: NewId },
  tx: Db,
  { organizationId, source, authors }: Met,
): Promise<Map<string, string>> {
  const met = new Map(authors.map((author) => [author.address.trim().toLowerCase(), author]))
  met.delete('')
  if (met.size === 0) return new Map()
  const digests = new Map([...met.keys()].map((address) => [digestAddress(address, organizationId), address]))
  const find = async () => {
    const owners = await listAddressOwners(tx, { organizationId, addresses: [...met.keys(), ...digests.keys()] })
    return new Map([...owners].map(([kept, id]) => [digests.get(kept) ?? kept, id]))
  }
  const known = await find()
  const unknown = [...met].filter(([address]) => !known.has(address))
  if (unknown.length === 0) return known
  const made = unknown
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([address, { name, seenAt }]) => ({
      id: deps.newId(),
      address,
      name: name?.trim() || address.replace(/@.*$/, ''),
      seenAt,
    }))
  const ids = await insertCommitAuthors(tx, { organizationId, authors: made })
  const now = deps.clock()
  await insertAddresses(tx, { organizationId, source, now }, ids)
  await judgeBots(tx, { organizationId, ids: ids.map(({ contributorId }) => contributorId) })
  return find()
}
