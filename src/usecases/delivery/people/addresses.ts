import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import { findContributorById } from '../../../store/access/contributors.ts'
import type { Db } from '../../../store/db.ts'
import { type AddressSource, listAddressesOfPerson } from '../../../store/delivery/people/addresses.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'
import { addMerges } from './add-merges.ts'
import { meetCommitAuthors } from './commit-authors.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }

/** The addresses of a person's accounts; none that was made a digest. Throws `not_found`. */
export async function listAddresses(
  { db }: { db: Db },
  { organizationId, id }: { organizationId: string; id: string },
): Promise<{ items: { address: string; source: AddressSource }[] }> {
  const person = await findContributorById(db, { organizationId, id })
  if (person === undefined) throw new AppError('not_found', 'There is no such account here.')
  const rows = await listAddressesOfPerson(db, { organizationId, personId: person.merged_into ?? id })
  const items = rows.flatMap(({ address, source }) => (address.startsWith('sha256:') ? [] : [{ address, source }]))
  return { items }
}

/**
 * Commits with an address are a person's: whoever it belonged to is merged into them, and undoing that merge takes it back.
 * Throws `not_found`, and `conflict` with the reason where the two cannot be one.
 */
export async function addAddress(
  deps: Deps,
  input: { organizationId: string; id: string; address: string; actor: AuditActor },
): Promise<void> {
  const { organizationId, id, actor } = input
  await deps.db.transaction().execute(async (tx) => {
    const person = await findContributorById(tx, { organizationId, id })
    if (person === undefined) throw new AppError('not_found', 'There is no such account here.')
    const author = { address: input.address, name: null, seenAt: deps.clock() }
    const met = await meetCommitAuthors(deps, tx, { organizationId, source: 'person', authors: [author] })
    const from = met.get(input.address.toLowerCase()) ?? id
    const asked = { organizationId, merges: [{ from, into: id }], source: 'person', batchId: null } as const
    const [verdict] = await addMerges(deps, tx, { ...asked, madeBy: actor.name })
    if (verdict?.outcome === 'refused') throw new AppError('conflict', verdict.reason ?? '')
    if (verdict?.outcome === 'already') return
    const target = { kind: 'contributor', id }
    await recordAudit(deps, tx, { organizationId, actor, action: 'contributor.address_added', target })
  })
}
