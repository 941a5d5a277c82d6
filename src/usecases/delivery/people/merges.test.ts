import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import { createNewId } from '../../../lib/ids.ts'
import { upsertContributor } from '../../../store/access/contributors.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import type { AuditActor } from '../../access/audit.ts'
import { meetCommitAuthors } from './commit-authors.ts'
import { importMerges } from './import-merges.ts'
import {
  keepContributorsApart,
  listContributorMerges,
  mergeContributors,
  suggestMerges,
  undoMerges,
} from './merge-contributors.ts'

const newId = createNewId()
const now = new Date('2026-03-02T09:00:00Z')
const actor: AuditActor = { kind: 'system', name: 'Greta Admin' }

let open: OpenDatabase
let organizationId = ''
beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(() => open.close())
beforeEach(async () => {
  organizationId = await makeOrganization()
})

const deps = () => ({ db: open.db, clock: () => now, newId })

async function makeOrganization(): Promise<string> {
  const id = newId()
  await open.db.insertInto('organization').values({ organization_id: id, name: 'Harbour' }).execute()
  return id
}

type Seen = { name: string; kind?: 'bitbucket' | 'jira'; accountId?: string; email?: string; memberId?: string }

async function see({ name, kind = 'bitbucket', ...more }: Seen): Promise<string> {
  const id = await upsertContributor(open.db, {
    organizationId,
    id: newId(),
    kind,
    remoteId: `{${name}-${kind}}`,
    accountId: more.accountId ?? null,
    name,
    nickname: null,
    email: more.email ?? null,
    isBot: false,
    isClosed: false,
    seenAt: now,
  })
  if (more.memberId !== undefined)
    await open.db
      .updateTable('contributor')
      .set({ member_id: more.memberId, linked_by: 'person' })
      .where('organization_id', '=', organizationId)
      .where('id', '=', id)
      .execute()
  return id
}

async function makeMember(email: string): Promise<string> {
  const id = newId()
  await open.db
    .insertInto('member')
    .values({ organization_id: organizationId, id, user_id: id, name: email, email, role: 'developer' })
    .execute()
  return id
}

const merge = (from: string, into: string) =>
  mergeContributors(deps(), { organizationId, merges: [{ from, into }], source: 'person', actor })

/** Account → the one that stands for it, of every account. */
async function standing(): Promise<Record<string, string>> {
  const rows = await open.db
    .selectFrom('contributor')
    .select(['id', 'merged_into'])
    .where('organization_id', '=', organizationId)
    .orderBy('id')
    .execute()
  return Object.fromEntries(rows.map((row) => [row.id, row.merged_into ?? row.id]))
}

const latest = async () => (await listContributorMerges(deps(), { organizationId })).items

describe('merging accounts', () => {
  test('a chain is collapsed, so that every account names the one that stands for the person', async () => {
    const [ines, work, old] = [await see({ name: 'ines' }), await see({ name: 'work' }), await see({ name: 'old' })]
    await merge(old, work)
    await merge(work, ines)
    expect(await standing()).toEqual({ [ines]: ines, [work]: ines, [old]: ines })
  })

  test('undoing one in the middle of a chain leaves what the others say, and doing it again brings all back', async () => {
    const [a, b, c] = [await see({ name: 'a' }), await see({ name: 'b' }), await see({ name: 'c' })]
    await merge(a, b)
    await merge(b, c)
    const before = await standing()
    const first = (await latest()).find((one) => one.from.id === a)
    await undoMerges(deps(), { organizationId, id: first?.id ?? '', actor })
    expect(await standing()).toEqual({ [a]: a, [b]: c, [c]: c })
    await merge(a, b)
    expect(await standing()).toEqual(before)
    expect((await latest()).map((one) => one.undone_by)).toContain('Greta Admin')
  })

  test('whatever is merged and taken back again, in any order, nothing else has changed', async () => {
    const ids = await Promise.all([...'abcde'].map((name) => see({ name })))
    const id = fc.constantFrom(...ids)
    const pairs = fc.array(fc.tuple(id, id), { minLength: 1, maxLength: 4 })
    const snapshot = async () =>
      open.db
        .selectFrom('contributor')
        .selectAll()
        .where('organization_id', '=', organizationId)
        .orderBy('id')
        .execute()
    const clean = await snapshot()
    await fc.assert(
      fc.asyncProperty(pairs, fc.boolean(), async (some, isReversed) => {
        for (const [from, into] of some) if (from !== into) await merge(from, into)
        const live = (await latest()).filter((one) => one.undone_at === null)
        for (const one of isReversed ? live.toReversed() : live)
          await undoMerges(deps(), { organizationId, id: one.id, actor })
        expect(await snapshot()).toEqual(clean)
      }),
      { numRuns: 12 },
    )
  })

  test('those of two members are refused, also through others, and the rest of the request is done', async () => {
    const [ada, bea] = [await makeMember('ada@harbour.example'), await makeMember('bea@harbour.example')]
    const mine = await see({ name: 'mine', memberId: ada })
    const hers = await see({ name: 'hers', memberId: bea })
    const nobodys = await see({ name: 'nobodys' })
    const merges = [
      { from: nobodys, into: mine },
      { from: nobodys, into: hers },
    ]
    const answer = await mergeContributors(deps(), { organizationId, merges, source: 'person', actor })
    expect(answer).toMatchObject({ merged: 1, refused: [{ from: nobodys, into: hers }] })
    expect(answer.refused[0]?.reason).toContain('two members')
    expect(await standing()).toMatchObject({ [nobodys]: mine, [hers]: hers })
  })

  test('accounts of another organization are not there', async () => {
    const [here, own] = [await see({ name: 'here' }), organizationId]
    organizationId = await makeOrganization()
    const there = await see({ name: 'there' })
    const theirs = organizationId
    organizationId = own
    expect(await merge(there, here)).toMatchObject({
      merged: 0,
      refused: [{ reason: 'There is no such account here.' }],
    })
    organizationId = theirs
    expect(await standing()).toEqual({ [there]: there })
    await expect(undoMerges(deps(), { organizationId, id: newId(), actor })).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  test('many at once end as one after the other', async () => {
    const ids = await Promise.all([...'abcdef'].map((name) => see({ name })))
    const [first = '', ...others] = ids
    await Promise.all(others.map((other) => merge(other, first)))
    expect(new Set(Object.values(await standing()))).toEqual(new Set([first]))
  })
})

describe('suggestions', () => {
  test('come from the same account, the same address and the same member, and never from a name', async () => {
    const ada = await makeMember('ada@harbour.example')
    const bitbucket = await see({ name: 'Ada', accountId: '712020:ada', memberId: ada })
    const jira = await see({ name: 'Ada L.', kind: 'jira', accountId: '712020:ada' })
    await see({ name: 'Tomas' })
    await see({ name: 'Tomas', kind: 'jira' })
    const commits = await meetCommitAuthors(deps(), open.db, {
      organizationId,
      source: 'commit',
      authors: [{ address: 'Ada@Harbour.example', name: 'ada', seenAt: now }],
    })
    const { items, total } = await suggestMerges(deps(), { organizationId })
    expect(total).toBe(2)
    expect(items.map(({ from, into, reasons }) => [from.id, into.id, reasons]).toSorted()).toEqual(
      [
        [jira, bitbucket, ['account']],
        [commits.get('ada@harbour.example'), bitbucket, ['email']],
      ].toSorted(),
    )
  })

  test('end once the two are one, or a person keeps them apart', async () => {
    const one = await see({ name: 'one', email: 'desk@harbour.example' })
    const other = await see({ name: 'other', kind: 'jira', email: 'Desk@harbour.example' })
    expect(await suggestMerges(deps(), { organizationId })).toMatchObject({ total: 1 })
    await merge(other, one)
    expect(await suggestMerges(deps(), { organizationId })).toEqual({ items: [], total: 0 })
    const [made] = await latest()
    await undoMerges(deps(), { organizationId, id: made?.id ?? '', actor })
    await keepContributorsApart(deps(), { organizationId, ids: [other, one] })
    expect(await suggestMerges(deps(), { organizationId })).toEqual({ items: [], total: 0 })
  })
})

describe('a table of merges', () => {
  const table = (...lines: string[]) => ['person,account', ...lines].join('\n')

  test('is tried without a change, then done with the same counts, and taken back as a whole', async () => {
    const ines = await see({ name: 'Ines', accountId: '712020:ines' })
    const old = await see({ name: 'Ines old' })
    const csv = table(
      '712020:ines,{Ines old-bitbucket}',
      '712020:ines,Ines.K@home.example',
      'nobody@harbour.example,712020:ines',
      '712020:ines,Tomas',
      '712020:ines,',
      '{Ines old-bitbucket},712020:ines',
    )
    const before = await standing()
    const tried = await importMerges(deps(), { organizationId, csv, isDryRun: true, actor })
    expect(tried).toMatchObject({ lines: 6, merged: 2, already: 1, upload_id: null })
    expect(tried.refused.map(({ line, reason }) => [line, reason.slice(0, 24)])).toEqual([
      [4, 'Nobody here has the addr'],
      [5, 'Nobody here has the acco'],
      [6, 'Both columns need someth'],
    ])
    expect(await standing()).toEqual(before)
    expect(await latest()).toEqual([])
    const done = await importMerges(deps(), { organizationId, csv, isDryRun: false, actor })
    expect({ ...done, upload_id: null }).toEqual(tried)
    expect(new Set(Object.values(await standing()))).toEqual(new Set([ines]))
    const undone = await undoMerges(deps(), { organizationId, batchId: done.upload_id ?? '', actor })
    expect(undone).toEqual({ undone: 2 })
    expect(await standing()).toMatchObject({ [ines]: ines, [old]: old })
  })

  test.each([
    ['without its columns', 'name,mail\nInes,ines@harbour.example'],
    ['that is none', 'person,account\n"Ines'],
  ])('%s is refused', async (_, csv) => {
    await expect(importMerges(deps(), { organizationId, csv, isDryRun: true, actor })).rejects.toMatchObject({
      code: 'validation_failed',
    })
  })

  test('may be separated by semicolons, as spreadsheets of half of Europe write it', async () => {
    await see({ name: 'Ines', accountId: '712020:ines' })
    const csv = '\uFEFFAccount;Person\r\nines@harbour.example;712020:ines\r\n'
    expect(await importMerges(deps(), { organizationId, csv, isDryRun: false, actor })).toMatchObject({ merged: 1 })
  })
})
