import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import { isAppError } from '../../../lib/app-error.ts'
import type { ReportFinding } from '../../../scanners/scanner.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { createImportFixture } from '../imports/import.fixture.ts'
import { advisory, door, takeFindings } from '../imports/take-findings.fixture.ts'
import { undoImport } from '../imports/undo-import.ts'
import { applyMoves } from '../vulnerabilities/apply-move.ts'
import { listMerges } from './list-merges.ts'
import { mergeVulnerabilities } from './merge-vulnerabilities.ts'
import { splitVulnerability } from './split-vulnerability.ts'
import { undoMerge } from './undo-merge.ts'
import { undoSplit } from './undo-split.ts'

let open: OpenDatabase
let house: Awaited<ReturnType<typeof createImportFixture>>

beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(async () => {
  await open.close()
})
beforeEach(async () => {
  house = await createImportFixture(open)
})

const take = async (scanner: string, findings: readonly ReportFinding[]) => takeFindings(house, scanner, findings)
const who = () => {
  const { organizationId, actor, memberId } = house
  return { organizationId, actor, viewer: { memberId, role: 'champion' as const } }
}
const idOf = async (number: number) => {
  const found = house.db.selectFrom('vulnerability').select('id').where('organization_id', '=', house.organizationId)
  return (await found.where('number', '=', number).executeTakeFirstOrThrow()).id
}
const merge = async (into: number, ...numbers: number[]) =>
  mergeVulnerabilities(house.deps, { ...who(), into: await idOf(into), ids: await Promise.all(numbers.map(idOf)) })
const unmerge = async (number: number) => undoMerge(house.deps, { ...who(), id: await idOf(number) })
const unsplit = async (number: number) => undoSplit(house.deps, { ...who(), id: await idOf(number) })
const findingsOf = async (number: number, scanner?: string) => {
  const rows = await house.db
    .selectFrom('finding')
    .select(['id', 'scanner'])
    .where('organization_id', '=', house.organizationId)
    .where('vulnerability_id', '=', await idOf(number))
    .orderBy('id')
    .execute()
  return rows.filter((row) => scanner === undefined || row.scanner === scanner).map((row) => row.id)
}
const split = async (number: number, findingIds: readonly string[]) =>
  splitVulnerability(house.deps, { ...who(), id: await idOf(number), findingIds })
const move = async (number: number, to: 'fixed' | 'false_positive' | 'in_progress') => {
  const { organizationId, actor } = house
  const moves = [{ vulnerabilityId: await idOf(number), to, reason: 'So it is' }]
  return house.db
    .transaction()
    .execute((tx) => applyMoves(house.deps, tx, { organizationId, moves, actor, moveActor: 'champion' }))
}
/** Where every finding is, in what state, and what stands for what. */
const picture = async () => {
  const found = await sql<{ line: string }>`
    select concat_ws(' ', v.number, v.status, v.title, case when v.merged_into is not null then 'merged' end,
      coalesce((select string_agg(concat_ws(':', f.scanner, f.rule_id, f.start_line, case when not f.active then 'gone' end), ', '
        order by f.scanner, f.rule_id, f.start_line, f.id) from finding f
        where f.organization_id = v.organization_id and f.vulnerability_id = v.id), 'nothing')) as line
    from vulnerability v where v.organization_id = ${house.organizationId}::uuid order by v.number`.execute(house.db)
  return found.rows.map((row) => row.line)
}
/** All columns but those that say that something happened. */
const everything = async () => {
  const rows = async (table: 'vulnerability' | 'finding') => {
    const found = await sql<{ row: unknown }>`
      select to_jsonb(t) - 'version' - 'updated_at' - 'apart_group' as row from ${sql.table(table)} t
      where t.organization_id = ${house.organizationId}::uuid order by t.id`.execute(house.db)
    return found.rows.map(({ row }) => row)
  }
  return { vulnerabilities: await rows('vulnerability'), findings: await rows('finding') }
}
const refusal = async (work: () => Promise<unknown>) => {
  try {
    await work()
  } catch (error) {
    if (isAppError(error)) return `${error.code}: ${error.detail}`
    throw error
  }
  return 'done'
}

describe('a merge', () => {
  test('makes one of several: the findings are evidence of the one that stays, which keeps its words', async () => {
    await take('Lantern', [door('Lantern', 10), door('Lantern', 20, { title: 'A second door' }), door('Lantern', 30)])
    await merge(1, 2, 3)
    expect(await picture()).toEqual([
      '1 identified A door is open Lantern:open-door:10, Lantern:open-door:20, Lantern:open-door:30',
      '2 identified A second door merged nothing',
      '3 identified A door is open merged nothing',
    ])
    const again = [door('Lantern', 10), door('Lantern', 20, { title: 'A second door, and red' }), door('Lantern', 30)]
    expect((await take('Lantern', again)).counts).toMatchObject({ kept: 3, new: 0 })
    expect((await picture())[0]).toMatch(/^1 identified A door is open /)
  })

  test('is open while any of its findings is there, and what was merged follows', async () => {
    await take('Lantern', [door('Lantern', 10), door('Lantern', 20), door('Lantern', 900, { ruleId: 'rest' })])
    await merge(1, 2)
    const rest = door('Lantern', 900, { ruleId: 'rest' })
    await take('Lantern', [door('Lantern', 20), rest])
    expect((await picture())[0]).toMatch(/^1 identified /)
    await take('Lantern', [rest])
    expect((await picture()).slice(0, 2).map((line) => line.split(' ')[1])).toEqual(['fixed', 'fixed'])
    await take('Lantern', [door('Lantern', 20), rest])
    expect((await picture()).slice(0, 2).map((line) => line.split(' ')[1])).toEqual(['identified', 'identified'])
  })

  test.each([
    ['fixed', 'identified'],
    ['false_positive', 'false_positive'],
  ] as const)('of an open one into one that is %s leaves it %s, and undone as it was', async (to, wanted) => {
    await take('Lantern', [door('Lantern', 10), door('Lantern', 20)])
    await move(1, to)
    const before = await everything()
    await merge(1, 2)
    expect((await picture())[0]).toMatch(new RegExp(`^1 ${wanted} `))
    await unmerge(2)
    expect(await everything()).toEqual(before)
  })

  test('that is undone stays undone: no later import puts the two together', async () => {
    await take('Lantern', [advisory('Lantern')])
    await take('Beacon', [advisory('Beacon', { ruleId: 'CVE-2026-0009' })])
    await merge(1, 2)
    await unmerge(2)
    const now = await picture()
    await take('Beacon', [advisory('Beacon', { ruleId: 'CVE-2026-0009', aliases: ['CVE-2026-0001'] })])
    await take('Lantern', [advisory('Lantern', { aliases: ['CVE-2026-0009'] })])
    expect(await picture()).toEqual(now)
  })

  test('keeps who looks at a merged one from changing it', async () => {
    await take('Lantern', [door('Lantern', 10), door('Lantern', 20)])
    await merge(1, 2)
    expect((await move(2, 'in_progress')).map(({ outcome }) => outcome.kind)).toEqual(['refused'])
    await move(1, 'in_progress')
    expect((await picture()).map((line) => line.split(' ')[1])).toEqual(['in_progress', 'in_progress'])
  })

  test.each<[string, () => Promise<unknown>, RegExp]>([
    ['of what is merged already', async () => merge(3, 2), /^conflict: WEIR-2 was merged into another/],
    ['into what is merged already', async () => merge(2, 3), /^conflict: WEIR-2 was merged into another/],
    ['of one with itself', async () => merge(1, 1), /^validation_failed: ids: name the ones/],
    ['of what is on another branch', async () => merge(1, 4), /^validation_failed: .*different assets or branches/],
    ['that was none, undone,', async () => unmerge(3), /^conflict: WEIR-3 is not merged/],
  ])('%s is refused', async (_, work, wanted) => {
    await take('Lantern', [door('Lantern', 10), door('Lantern', 20), door('Lantern', 30)])
    await takeFindings(house, 'Lantern', [door('Lantern', 10)], { branch: 'feature' })
    await merge(1, 2)
    expect(await refusal(work)).toMatch(wanted)
  })

  test('is undone from the last one back', async () => {
    await take('Lantern', [door('Lantern', 10), door('Lantern', 20), door('Lantern', 30)])
    const before = await everything()
    await merge(2, 1)
    await merge(3, 2)
    expect(await refusal(() => unmerge(1))).toMatch(/^conflict: WEIR-2 was merged into another vulnerability since/)
    await unmerge(2)
    await unmerge(1)
    expect(await everything()).toEqual(before)
  })

  test('stands in the way of undoing the import that found what was merged', async () => {
    const done = await take('Lantern', [door('Lantern', 10), door('Lantern', 20)])
    await merge(1, 2)
    const { organizationId, actor } = house
    const undo = async () => undoImport(house.deps, { organizationId, importId: done.id, actor })
    expect(await refusal(undo)).toMatch(/^import_not_undoable: .*WEIR-2 was merged into WEIR-1 since/)
    await unmerge(2)
    expect(await refusal(undo)).toBe('done')
  })
})

describe('a split', () => {
  test('takes findings to a new vulnerability, told in their words, and back', async () => {
    await take('Lantern', [advisory('Lantern')])
    await take('Beacon', [advisory('Beacon')])
    const before = await everything()
    await split(1, await findingsOf(1, 'Lantern'))
    expect(await picture()).toEqual([
      '1 identified Beacon says that the lantern burns Beacon:CVE-2026-0001',
      '2 identified Lantern says that the lantern burns Lantern:CVE-2026-0001',
    ])
    await unsplit(2)
    const { vulnerabilities, findings } = await everything()
    expect({ vulnerabilities: vulnerabilities.slice(0, 1), findings }).toEqual(before)
    expect((await picture())[1]).toBe('2 identified Lantern says that the lantern burns merged nothing')
    const { organizationId } = house
    expect(await listMerges(house.deps, { organizationId, id: await idOf(1) })).toMatchObject({
      merged: [{ number: 2, can_undo: false }],
      split_off: [],
    })
  })

  test('of what is gone leaves what is open open, and the other way round', async () => {
    await take('Lantern', [advisory('Lantern'), door('Lantern', 10)])
    await take('Beacon', [advisory('Beacon')])
    await take('Lantern', [door('Lantern', 10), advisory('Lantern', { ruleId: 'CVE-2026-0005' })])
    const before = await everything()
    await split(1, await findingsOf(1, 'Beacon'))
    expect((await picture()).map((line) => line.split(' ')[1])).toEqual([
      'fixed',
      'identified',
      'identified',
      'identified',
    ])
    await unsplit(4)
    const { vulnerabilities, findings } = await everything()
    expect({ vulnerabilities: vulnerabilities.slice(0, 3), findings }).toEqual(before)
  })

  test.each<[string, number[] | 'all', RegExp]>([
    ['of nothing', [], /^validation_failed: finding_ids: choose at least one of its 2/],
    ['of everything', 'all', /^validation_failed: finding_ids: choose at least one of its 2/],
  ])('%s is refused', async (_, chosen, wanted) => {
    await take('Lantern', [advisory('Lantern')])
    await take('Beacon', [advisory('Beacon')])
    const ids = chosen === 'all' ? await findingsOf(1) : []
    expect(await refusal(() => split(1, ids))).toMatch(wanted)
    expect(await refusal(() => split(1, [house.memberId]))).toMatch(/^not_found: /)
  })

  test('stays split whatever is imported in whatever order, and each scanner’s findings stay where its evidence is', async () => {
    const rest = (scanner: string) => door(scanner, 900, { ruleId: 'rest' })
    const told = (scanner: string, path: string) => [advisory(scanner, { path }), rest(scanner)]
    const step = fc.record({
      scanner: fc.constantFrom('Lantern', 'Beacon'),
      what: fc.constantFrom('seen', 'gone', 'elsewhere', 'both'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        house = await createImportFixture(open)
        await take('Lantern', told('Lantern', 'package-lock.json'))
        await take('Beacon', told('Beacon', 'package-lock.json'))
        const made = await split(1, await findingsOf(1, 'Beacon'))
        for (const { scanner, what } of steps) {
          const places = {
            seen: ['package-lock.json'],
            gone: [],
            elsewhere: ['other/yarn.lock'],
            both: ['package-lock.json', 'other/yarn.lock'],
          }
          await take(scanner, [...places[what].map((path) => advisory(scanner, { path })), rest(scanner)])
        }
        const where = await house.db
          .selectFrom('finding')
          .innerJoin('vulnerability', 'vulnerability.id', 'finding.vulnerability_id')
          .select(['finding.scanner', 'vulnerability.number'])
          .where('finding.organization_id', '=', house.organizationId)
          .where('finding.kind', '=', 'dependency')
          .execute()
        for (const { scanner, number } of where) expect(number).toBe(scanner === 'Lantern' ? 1 : made.number)
      }),
      { numRuns: 8 },
    )
  }, 60_000)
})

test('whatever was put together and taken back from the last one on, all is as before', async () => {
  const doors = [10, 20, 30, 40].map((line) => door('Lantern', line))
  const pair = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
  await fc.assert(
    fc.asyncProperty(fc.array(pair, { minLength: 1, maxLength: 4 }), fc.boolean(), async (pairs, isFixed) => {
      house = await createImportFixture(open)
      await take('Lantern', doors)
      if (isFixed) await move(1, 'fixed')
      const before = await everything()
      const done: number[] = []
      for (const [into, other] of pairs) if ((await refusal(() => merge(into, other))) === 'done') done.push(other)
      for (const number of done.toReversed()) await unmerge(number)
      expect(await everything()).toEqual(before)
    }),
    { numRuns: 10 },
  )
}, 60_000)
