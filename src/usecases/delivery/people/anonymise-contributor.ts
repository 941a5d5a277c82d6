import { makePseudonym } from '../../../domain/people/pseudonym.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import { findContributorById } from '../../../store/access/contributors.ts'
import type { Db } from '../../../store/db.ts'
import { anonymiseAccounts, listPseudonyms, lockAccountsOfPerson } from '../../../store/delivery/people/anonymise.ts'
import { lockMerges } from '../../../store/delivery/people/merges.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'

type Input = { organizationId: string; id: string; confirm: string; actor: AuditActor }

/**
 * Takes a person's name, nickname and addresses away, of all accounts of theirs, for good: one pseudonym stands for them
 * from then on, and figures and history stay. Throws `not_found`, `validation_failed` where `confirm` is not their name,
 * `conflict` for who is another's part or was anonymised.
 */
export async function anonymiseContributor(
  deps: { db: Db; clock: Clock; newId: NewId },
  { organizationId, id, confirm, actor }: Input,
): Promise<{ name: string }> {
  return deps.db.transaction().execute(async (tx) => {
    await lockMerges(tx, organizationId)
    const person = await findContributorById(tx, { organizationId, id, lock: true })
    if (person === undefined) throw new AppError('not_found', 'There is no such account here.')
    if (person.merged_into !== null) throw new AppError('conflict', 'It is a part of a person: anonymise that person.')
    if (person.anonymised_at !== null) throw new AppError('conflict', 'This person was anonymised before.')
    if (confirm.trim() !== person.display_name.trim())
      throw new AppError('validation_failed', 'confirm: this is not the name as it is shown. It cannot be taken back.')
    const accounts = await lockAccountsOfPerson(tx, { organizationId, personId: id })
    const taken = await listPseudonyms(tx, organizationId)
    const pseudonym = makePseudonym(id, (name) => taken.has(name))
    const ids = accounts.map((one) => one.id)
    const names = [...new Set(accounts.map((one) => one.display_name))]
    await anonymiseAccounts(tx, { organizationId, ids, names, pseudonym, now: deps.clock() })
    await recordAudit(deps, tx, {
      organizationId,
      actor,
      action: 'contributor.anonymised',
      target: { kind: 'contributor', id },
      after: { name: pseudonym, accounts: ids.length },
    })
    return { name: pseudonym }
  })
}
