import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/database.ts'
import { insertDeliveryPlace, insertPullRequests } from '../../../test/delivery-facts.ts'
import { newId } from '../../lib/ids.ts'
import type { OpenDatabase } from '../../store/db.ts'
import { computeChangedFigures } from './compute-figures.ts'
import { followChangedVulnerabilities } from './remediation/follow-vulnerabilities.ts'

let open: OpenDatabase
const clock = () => new Date('2026-05-01T00:00:00Z')
beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(async () => open.close())

/** Three organizations with a pull request each that names a key; the rounds go through them in this order. */
async function insertOrganizations(): Promise<string[]> {
  const organizationIds = [newId(), newId(), newId()].toSorted()
  for (const organizationId of organizationIds) {
    const [repositoryId, ada] = [newId(), newId()]
    await insertDeliveryPlace(open.db, {
      organizationId,
      connectionId: newId(),
      repositories: [{ id: repositoryId, slug: 'storefront-api' }],
      people: [{ id: ada, name: 'Ada Quill' }],
    })
    const one = { id: newId(), repositoryId, number: 1, authorId: ada, openedAt: '2026-03-02T08:00:00Z', events: [] }
    await insertPullRequests(open.db, organizationId, [one])
  }
  return organizationIds
}

/** Lets every writing of figures or keys fail for one organization, until it is let go. */
async function breakOne(table: string, organizationId: string): Promise<() => Promise<void>> {
  const name = sql.ref(`break_${table}`)
  await sql`create function ${name}() returns trigger language plpgsql as $$ begin
    if new.organization_id = ${sql.lit(organizationId)}::uuid then raise exception 'broken on purpose'; end if;
    return new; end $$`.execute(open.db)
  await sql`create trigger break_it before insert or update on ${sql.table(table)}
    for each row execute function ${name}()`.execute(open.db)
  return async () => {
    await sql`drop trigger break_it on ${sql.table(table)}`.execute(open.db)
    await sql`drop function ${name}()`.execute(open.db)
  }
}

const figuresAreIn = async () =>
  (await open.db.selectFrom('pull_request_figures').select('organization_id').execute()).map(
    (one) => one.organization_id,
  )

test.each([0, 1, 2])('figures of the others are worked out when number %i fails, which is named', async (place) => {
  const organizationIds = await insertOrganizations()
  const broken = organizationIds[place] ?? ''
  const mend = await breakOne('pull_request_figures', broken)
  await expect(computeChangedFigures({ db: open.db, clock })).rejects.toThrow(broken)
  const done = await figuresAreIn()
  expect(organizationIds.filter((id) => !done.includes(id))).toEqual([broken])
  await mend()
  expect(await computeChangedFigures({ db: open.db, clock })).toBe(1)
})

test.each([0, 1, 2])('texts of the others are read when those of number %i cannot be', async (place) => {
  const organizationIds = await insertOrganizations()
  const broken = organizationIds[place] ?? ''
  await sql`update pull_request set title = 'WEIR-7: quote the name'
    where organization_id = any(${organizationIds}::uuid[])`.execute(open.db)
  const mend = await breakOne('pull_request_key', broken)
  await expect(followChangedVulnerabilities({ db: open.db, clock })).rejects.toThrow(broken)
  const read = await open.db.selectFrom('pull_request_key').select('organization_id').execute()
  const done = read.map((one) => one.organization_id)
  expect(organizationIds.filter((id) => !done.includes(id))).toEqual([broken])
  await mend()
  expect(await followChangedVulnerabilities({ db: open.db, clock })).toBe(0)
})
