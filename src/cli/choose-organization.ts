import { AppError } from '../lib/app-error.ts'
import { listOrganizations } from '../store/access/organizations.ts'
import type { Db } from '../store/db.ts'

/** By name or id; without a wish the only one there is. Throws `not_found` or `validation_failed`. */
export async function chooseOrganization(db: Db, wanted: string | undefined): Promise<string> {
  const all = await listOrganizations(db)
  if (wanted === undefined) {
    const [only] = all
    if (only !== undefined && all.length === 1) return only.id
    throw all.length === 0
      ? new AppError('not_found', 'Weir is not set up yet: start it, open its address and make your organization.')
      : new AppError('validation_failed', `There are several organizations. Say which: --organization ${quote(all)}.`)
  }
  const found = all.filter((organization) => organization.id === wanted || organization.name === wanted)
  const [only] = found
  if (only !== undefined && found.length === 1) return only.id
  throw new AppError('not_found', `There is no single organization "${wanted}". Known are ${quote(all)}.`)
}

function quote(all: readonly { name: string }[]): string {
  return all
    .slice(0, 10)
    .map(({ name }) => JSON.stringify(name))
    .join(', ')
}
