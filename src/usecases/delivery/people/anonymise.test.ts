import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import { insertOrganization } from '../../../../test/remotes.ts'
import { createNewId } from '../../../lib/ids.ts'
import { findContributorById, markBot, upsertContributor } from '../../../store/access/contributors.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { upsertAccounts } from '../../../store/delivery/accounts.ts'
import { updateContributor } from '../../access/contributors.ts'
import { addAddress, listAddresses } from './addresses.ts'
import { anonymiseContributor } from './anonymise-contributor.ts'
import { createBotPattern, deleteBotPattern, tryBotPattern } from './bot-patterns.ts'
import { meetCommitAuthors } from './commit-authors.ts'

const newId = createNewId()
const now = new Date('2027-03-02T09:00:00Z')
const [organizationId, memberId] = [newId(), newId()]
const actor = { kind: 'system' as const, name: 'Greta Admin' }
const asked = { organizationId, actor }

let open: OpenDatabase
beforeAll(async () => {
  open = await createTestDatabase()
  await insertOrganization(open.db, { organizationId, memberId })
})
afterAll(() => open.close())

const deps = () => ({ db: open.db, clock: () => now, newId })
const account = (name: string) => ({
  organizationId,
  id: newId(),
  kind: 'bitbucket' as const,
  remoteId: `{${name}}`,
  accountId: null,
  name,
  nickname: `${name}-nick`,
  email: `${name}@harbour.example`,
  isBot: false,
  isClosed: false,
  seenAt: now,
})
const see = async (name: string) => upsertContributor(open.db, account(name))
const get = async (id: string) => findContributorById(open.db, { organizationId, id })

test('who is anonymised has no name anywhere, stays so when seen again, and keeps what they wrote', async () => {
  const id = await see('Quintessa')
  await addAddress(deps(), { ...asked, id, address: 'Quintessa.Home@harbour.example' })
  await updateContributor(deps(), { ...asked, contributorId: id, memberId })
  const wrong = anonymiseContributor(deps(), { ...asked, id, confirm: 'somebody else' })
  await expect(wrong).rejects.toMatchObject({ code: 'validation_failed' })
  const { name } = await anonymiseContributor(deps(), { ...asked, id, confirm: 'Quintessa' })
  expect(name).toMatch(/^Contributor [0-9a-f]{4}$/)
  await see('Quintessa')
  await upsertAccounts(open.db, { organizationId, seenAt: now }, [{ ...account('Quintessa'), remoteId: '{Quintessa}' }])
  expect(await get(id)).toMatchObject({ display_name: name, nickname: null, email: null, member_id: null })
  expect(await listAddresses(deps(), { organizationId, id })).toEqual({ items: [] })
  const authors = [{ address: 'quintessa.home@harbour.example', name: 'Quintessa Q.', seenAt: now }]
  const met = await meetCommitAuthors(deps(), open.db, { organizationId, source: 'commit', authors })
  expect((await get(met.get('quintessa.home@harbour.example') ?? ''))?.merged_into).toBe(id)
  const tables = ['contributor', 'contributor_email', 'contributor_merge', 'audit_event'] as const
  for (const table of tables) {
    const rows = await open.db.selectFrom(table).selectAll().where('organization_id', '=', organizationId).execute()
    expect(JSON.stringify(rows).replaceAll('{Quintessa}', '')).not.toMatch(/quintessa/i)
  }
  const again = anonymiseContributor(deps(), { ...asked, id, confirm: name })
  await expect(again).rejects.toMatchObject({ code: 'conflict' })
})

test('a pattern takes accounts for programs, but none a person or a member decided on, and lets them go again', async () => {
  const [robot, decided, owned] = [await see('Mill-robot'), await see('Quay-robot'), await see('Own-robot')]
  await markBot(open.db, { organizationId, id: decided, isBot: false })
  await updateContributor(deps(), { ...asked, contributorId: owned, memberId })
  const pattern = { organizationId, field: 'name' as const, pattern: '*-ROBOT' }
  const trial = await tryBotPattern(deps(), pattern)
  expect(trial).toMatchObject({ total: 3, newly: 1 })
  expect(new Map(trial.items.map((one) => [one.id, one.stands]))).toEqual(
    new Map([
      [robot, null],
      [decided, 'person'],
      [owned, 'member'],
    ]),
  )
  const made = await createBotPattern(deps(), { ...pattern, actor })
  const bots = async () => (await Promise.all([robot, decided, owned].map(get))).map((one) => one?.is_bot)
  expect(await bots()).toEqual([true, false, false])
  await expect(createBotPattern(deps(), { ...pattern, actor })).rejects.toMatchObject({ code: 'conflict' })
  await upsertAccounts(open.db, { organizationId, seenAt: now }, [{ ...account('Later-robot'), isBot: false }])
  const later = await open.db
    .selectFrom('contributor')
    .select('is_bot')
    .where('organization_id', '=', organizationId)
    .where('remote_id', '=', '{Later-robot}')
    .executeTakeFirst()
  expect(later).toEqual({ is_bot: true })
  await deleteBotPattern(deps(), { ...asked, id: made.id })
  expect(await bots()).toEqual([false, false, false])
})
