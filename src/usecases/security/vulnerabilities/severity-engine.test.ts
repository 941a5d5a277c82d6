import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getVulnerability as getRoute } from '../../../../contract/security/vulnerabilities.ts'
import { createTestDatabase } from '../../../../test/database.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import { bodyOf, createImportFixture } from '../imports/import.fixture.ts'
import { importReport } from '../imports/import-report.ts'
import { undoImport } from '../imports/undo-import.ts'
import { getVulnerability } from './get-vulnerability.ts'
import { listVulnerabilities } from './list-vulnerabilities.ts'
import { listVulnerabilityEvents } from './list-vulnerability-events.ts'
import { type UpdateInput, updateVulnerability } from './update-vulnerability.ts'

let open: OpenDatabase
let house: Awaited<ReturnType<typeof createImportFixture>>
beforeAll(async () => {
  open = await createTestDatabase()
  house = await createImportFixture(open)
})
afterAll(() => open.close())

type Said = { id: string; title?: string; description?: string; severity?: string; cvss?: string }

async function take(said: readonly Said[], tool = 'Tide Table') {
  const findings = said.map((one) => ({ title: `Finding ${one.id}`, severity: 'medium', ...one }))
  const text = JSON.stringify({ format: 'weir', version: 1, tool: { name: tool }, findings })
  const { organizationId, actor } = house
  return importReport(house.deps, { organizationId, actor, asset: 'quay', scope: 'partial', body: bodyOf(text) })
}

async function find(id: string) {
  const { organizationId, memberId } = house
  const listed = await listVulnerabilities(house.deps, { organizationId, memberId, query: { q: id, limit: 200 } })
  const row = listed.items.find((item) => item.rule_id === id)
  const found = await getVulnerability(house.deps, {
    organizationId,
    id: row?.id ?? '',
    viewer: { memberId, role: 'champion' },
  })
  getRoute.response?.parse(found)
  return found
}

type Wish = Omit<UpdateInput, 'organizationId' | 'id' | 'viewer' | 'actor'>

async function edit(id: string, wish: Wish) {
  const { organizationId, memberId, actor } = house
  const viewer = { memberId, role: 'champion' as const }
  return updateVulnerability(house.deps, { organizationId, id: (await find(id)).id, viewer, actor, ...wish })
}

async function historyOf(id: string) {
  const { organizationId, memberId } = house
  const events = await listVulnerabilityEvents(house.deps, {
    organizationId,
    memberId,
    id: (await find(id)).id,
    query: {},
  })
  return events.items
}

/** Worked out by the equations of each version. */
const vectors = [
  ['2.0', 'AV:N/AC:L/Au:N/C:P/I:P/A:P', 7.5, 'high'],
  ['2.0, temporal over base', 'AV:N/AC:L/Au:N/C:P/I:P/A:P/E:U/RL:OF/RC:UC', 5, 'medium'],
  ['3.0', 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8, 'critical'],
  ['3.1', 'CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:L', 3.3, 'low'],
  ['3.1, temporal over base', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O/RC:U', 7.8, 'high'],
  [
    '3.1, environmental over both',
    'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O/RC:U/MAV:P/MC:L/MI:N/MA:N',
    2,
    'low',
  ],
  ['3.1, what is not defined decides nothing', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/MAV:X', 9.8, 'critical'],
  ['4.0', 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 9.3, 'critical'],
  ['none', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', 0, 'notification'],
] as const

describe('the severity of a scan', () => {
  test('is the word of the tool, unless a CVSS vector says otherwise', async () => {
    await take([
      { id: 'word', severity: 'low' },
      { id: 'score', severity: 'low', cvss: '9.9' },
      ...vectors.map(([, cvss], index) => ({ id: `vector-${index}`, severity: 'medium', cvss })),
    ])
    expect(await find('word')).toMatchObject({ severity: 'low', severity_source: 'tool', scan_rating: null })
    expect(await find('score')).toMatchObject({ severity: 'low', severity_source: 'tool', cvss_score: 9.9 })
    for (const [index, [name, cvss_vector, cvss_score, severity]] of vectors.entries())
      expect({ name, ...(await find(`vector-${index}`)) }).toMatchObject({
        name,
        severity,
        severity_source: 'cvss',
        cvss_vector,
        cvss_score,
      })
  })

  test('passes over a vector that is none, and says so', async () => {
    const taken = await take([
      { id: 'broken', severity: 'high', cvss: 'CVSS:3.1/AV:N/AC:L' },
      { id: 'odd', severity: 'low', cvss: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:Q' },
    ])
    expect(await find('broken')).toMatchObject({ severity: 'high', severity_source: 'tool', cvss_vector: null })
    expect(await find('odd')).toMatchObject({ severity: 'low', severity_source: 'tool', cvss_vector: null })
    expect(taken.unread).toEqual([
      "2 CVSS vectors that cannot be read, such as “CVSS:3.1/AV:N/AC:L”; there the scanner's own word counts.",
    ])
  })
})

describe('a person', () => {
  test('rates by a level, by two ratings or by a vector, each with a reason', async () => {
    await take([{ id: 'rated', severity: 'medium' }])
    const reason = 'It stands in the open.'
    await expect(edit('rated', { severity: 'high' })).rejects.toMatchObject({ code: 'reason_required' })
    await expect(edit('rated', { severity: 'high', severity_reason: ' ' })).rejects.toMatchObject({
      code: 'reason_required',
    })
    expect(await edit('rated', { severity: 'high', severity_reason: reason })).toMatchObject({
      severity: 'high',
      severity_source: 'person',
      severity_reason: reason,
      scan_rating: { severity: 'medium', severity_source: 'tool', cvss_vector: null },
    })
    const [, vector, score] = vectors[2]
    expect(await edit('rated', { cvss_vector: `(${vector})`, severity_reason: reason })).toMatchObject({
      severity: 'critical',
      severity_source: 'cvss',
      cvss_vector: vector,
      cvss_score: score,
      scan_rating: { severity: 'medium', cvss_vector: null, cvss_score: null },
    })
    const said = (await historyOf('rated')).map(({ kind, before, after, reason: why }) => [kind, before, after, why])
    expect(said.slice(0, 2)).toEqual([
      [
        'severity',
        { severity: 'high', severity_source: 'person' },
        { severity: 'critical', severity_source: 'cvss', cvss_vector: vector },
        reason,
      ],
      [
        'severity',
        { severity: 'medium', severity_source: 'tool' },
        { severity: 'high', severity_source: 'person' },
        reason,
      ],
    ])
  })

  test.each([
    [1, 1, 'notification'],
    [1, 2, 'low'],
    [1, 3, 'medium'],
    [2, 1, 'low'],
    [2, 2, 'medium'],
    [2, 3, 'high'],
    [3, 1, 'medium'],
    [3, 2, 'high'],
    [3, 3, 'critical'],
  ])('impact %i and probability %i make it %s', async (impact, probability, severity) => {
    if (impact === 1 && probability === 1) await take([{ id: 'weighed', severity: 'medium' }])
    const answer = await edit('weighed', { impact, probability, severity_reason: 'As agreed.' })
    expect(answer).toMatchObject({ severity, severity_source: 'impact', impact, probability })
  })

  test.each<[string, Wish, string]>([
    ['two ways at once', { severity: 'low', impact: 1, probability: 1 }, 'rate in one way'],
    ['half of two ratings', { impact: 3 }, 'give both'],
    ['a rating beyond the scale', { impact: 4, probability: 1 }, 'each is 1 (low)'],
    ['a vector that is none', { cvss_vector: 'CVSS:3.1/AV:N' }, 'not a whole CVSS vector'],
    ['a reset of what is set', { reset: ['severity'], severity: 'low' }, 'set to something else'],
  ])('is refused %s', async (_, wish, sentence) => {
    const refused = edit('rated', { ...wish, severity_reason: 'Because.' })
    await expect(refused).rejects.toMatchObject({
      code: 'validation_failed',
      detail: expect.stringContaining(sentence),
    })
  })
})

describe('the word of a person', () => {
  const own = { title: 'The gate to the pier', description: 'Open at night.' }
  const [, vector] = vectors[0]

  test('stays over three imports and the undoing of one, and the word of the scan is kept beside it', async () => {
    const scan = (round: number, severity: string) => ({
      id: 'kept',
      title: `Gate ${round}`,
      description: `Round ${round}`,
      severity,
    })
    await take([scan(1, 'low')])
    await edit('kept', { ...own, cvss_vector: vector, severity_reason: 'Seen on site.' })
    const mine = {
      ...own,
      severity: 'high',
      severity_source: 'cvss',
      cvss_vector: vector,
      severity_reason: 'Seen on site.',
    }
    const scanSays = (round: number, severity: string) => ({
      scan_title: `Gate ${round}`,
      scan_description: `Round ${round}`,
      scan_rating: { severity, severity_source: 'tool', cvss_vector: null, cvss_score: null },
    })
    expect(await find('kept')).toMatchObject({ ...mine, ...scanSays(1, 'low') })
    await take([scan(2, 'medium')])
    expect(await find('kept')).toMatchObject({ ...mine, ...scanSays(2, 'medium') })
    const third = await take([scan(3, 'critical')])
    expect(await find('kept')).toMatchObject({ ...mine, ...scanSays(3, 'critical') })
    const { organizationId, actor } = house
    await undoImport(house.deps, { organizationId, importId: third.id, actor })
    expect(await find('kept')).toMatchObject({ ...mine, ...scanSays(2, 'medium') })
    const [, scanned, score] = vectors[7]
    await take([{ ...scan(4, 'medium'), cvss: scanned }])
    expect(await find('kept')).toMatchObject({
      ...mine,
      scan_rating: { severity: 'critical', severity_source: 'cvss', cvss_vector: scanned, cvss_score: score },
    })
  })

  test("goes again field by field, and the scan's newest word is back", async () => {
    const [, scanned, score] = vectors[7]
    expect(await edit('kept', { reset: ['severity'] })).toMatchObject({
      ...own,
      severity: 'critical',
      severity_source: 'cvss',
      severity_reason: null,
      cvss_vector: scanned,
      cvss_score: score,
      scan_rating: null,
      scan_title: 'Gate 4',
    })
    const { version } = await find('kept')
    expect((await edit('kept', { reset: ['severity'] })).version).toBe(version)
    expect(await edit('kept', { reset: ['title', 'description'] })).toMatchObject({
      title: 'Gate 4',
      description: 'Round 4',
      scan_title: null,
      scan_description: null,
    })
    const after = await take([{ id: 'kept', title: 'Gate 5', severity: 'low' }])
    expect(await find('kept')).toMatchObject({ title: 'Gate 5', severity: 'low', severity_source: 'tool' })
    const { organizationId, actor } = house
    await undoImport(house.deps, { organizationId, importId: after.id, actor })
    expect(await find('kept')).toMatchObject({ title: 'Gate 4', severity: 'critical', cvss_vector: scanned })
  })

  test('given after an import stays when that import is undone, over the word of before', async () => {
    await take([{ id: 'later', title: 'Lamp 1', severity: 'low' }])
    const second = await take([{ id: 'later', title: 'Lamp 2', severity: 'high' }])
    await edit('later', { impact: 2, probability: 2, severity_reason: 'It is small.', title: 'The lamp' })
    const { organizationId, actor } = house
    await undoImport(house.deps, { organizationId, importId: second.id, actor })
    expect(await find('later')).toMatchObject({
      title: 'The lamp',
      scan_title: 'Lamp 1',
      severity: 'medium',
      severity_source: 'impact',
      scan_rating: { severity: 'low' },
    })
  })

  test('that repeats the scan is no word of its own for texts, but pins a severity', async () => {
    await take([{ id: 'same', title: 'Buoy', severity: 'low' }])
    await edit('same', { title: 'My buoy' })
    expect(await edit('same', { title: 'Buoy' })).toMatchObject({ title: 'Buoy', scan_title: null })
    await edit('same', { severity: 'low', severity_reason: 'Checked.' })
    await take([{ id: 'same', title: 'Buoy', severity: 'critical' }])
    expect(await find('same')).toMatchObject({ severity: 'low', scan_rating: { severity: 'critical' } })
  })
})
