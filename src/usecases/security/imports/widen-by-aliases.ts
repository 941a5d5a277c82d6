import { widenNames } from '../../../domain/intelligence/widen-names.ts'
import type { Db } from '../../../store/db.ts'
import { listAliasLeaders } from '../../../store/security/advisory-aliases.ts'

/** What an alias file knows besides of the advisories these name. One statement, however many there are. */
export async function widenByAliases<One extends { readonly names: readonly string[] }>(
  db: Db,
  ones: readonly One[],
): Promise<One[]> {
  const leaders = await listAliasLeaders(
    db,
    ones.flatMap(({ names }) => names),
  )
  return widenNames(ones, leaders)
}
