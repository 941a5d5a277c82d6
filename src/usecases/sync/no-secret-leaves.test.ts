import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createJiraWorld } from '../../../test/jira-world.ts'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { watchRequests } from '../../../test/watch-requests.ts'
import { bodyOf, createImportFixture } from '../security/imports/import.fixture.ts'
import { importReport } from '../security/imports/import-report.ts'

/** Neither of a known form nor of mixed letters and digits alone: nothing but the report says that these are secrets. */
const secrets = ['tide-and-ebb-harbour', 'Qu4y!of_the:old/lighthouse', 'a "quoted" anchor']
const path = 'src/routes/products.js'

/** A report whose every text holds the secret it flags. */
const report = JSON.stringify(
  secrets.map((secret, index) => ({
    RuleID: `generic-${index}`,
    Description: `Found ${secret} in clear`,
    StartLine: 5 + index,
    EndLine: 5 + index,
    StartColumn: 1,
    Match: `password = "${secret}"`,
    Secret: secret,
    File: path,
    Commit: '',
    Tags: [],
    Link: `https://code.example/blob?token=${encodeURIComponent(secret)}`,
    Fingerprint: `${path}:generic-${index}:${5 + index}`,
  })),
)
/** What a person may write besides: of a known form, or in an address. */
const pasted = ['ghp_Ab3dEf6hIj9lMn2pQr5tUv8xYz1aBc4eFg', 'postgres://weir:mainsail-and-jib@db/harbour']
const written = `Rotate ${pasted.join(' and ')} now`
const spellings = [...secrets, ...secrets.map(encodeURIComponent), pasted[0] ?? '', 'mainsail-and-jib']
  // As a string inside JSON writes them.
  .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])

type World = Pick<SyncWorld, 'deps' | 'champion' | 'settle' | 'send' | 'db'> & {
  ids: { organizationId: string }
  say: (vulnerabilityId: string, body: string) => Promise<unknown>
}

type Told = { database: Parameters<typeof createImportFixture>[0]; asset: string; place: object }

async function tellEverything(world: World, { database, asset, place }: Told) {
  const { deps, ids, db } = world
  const {
    db: _db,
    clock: _clock,
    newId: _newId,
    enqueue: _enqueue,
    ...rest
  } = (await createImportFixture(database)).deps
  const { clock, newId, enqueue } = deps
  const asked = { organizationId: ids.organizationId, actor: world.champion, asset }
  await importReport(
    { ...rest, db, clock, newId, enqueue },
    { ...asked, fileName: 'leaks.json', body: bodyOf(report), ...place },
  )
  await world.settle()
  const found = await db
    .selectFrom('vulnerability')
    .select(['id', 'kind'])
    .where('path', '=', path)
    .orderBy('id')
    .execute()
  expect(found.map(({ kind }) => kind)).toEqual(secrets.map(() => 'secret'))
  for (const one of found) {
    await world.send(one.id)
    await world.say(one.id, written)
  }
  await world.settle()
}

/** All that could ask for a secret, asks. */
const templates = {
  any: { title: '{{title}} {{place}}', body: '{{title}}\n{{why}}\n{{code}}\n{{rule_page}}\n{{link}}' },
}

describe('no text of a secret reaches a tracker', () => {
  const stops: (() => void)[] = []
  afterAll(() => stops.forEach((stop) => stop()))

  describe.each(['2026', 'legacy'] as const)('of Bitbucket in %s mode', (mode) => {
    let world: SyncWorld
    beforeAll(async () => {
      world = await createSyncWorld({ mode })
    })
    afterAll(() => world.close())

    test('neither by items and comments nor by reports, annotations, build status and summary', async () => {
      const watched = watchRequests([new URL(world.simulator.api).host])
      stops.push(watched.stop)
      const tracker = mode === 'legacy' ? 'bitbucket-issues' : 'bitbucket-discussions'
      const settings = JSON.stringify({ templates, send_code: true })
      const key = { organization_id: world.ids.organizationId, id: world.deps.newId() }
      await world.db
        .insertInto('route')
        .values({ ...key, tracker, settings })
        .execute()
      const branch = 'feature/product-badges'
      const head = (await world.dana.call('GET', `/refs/branches/${branch}`)).target.hash
      const place = { branch, targetBranch: 'main', pullRequestId: '5', commit: head }
      await tellEverything(world, { database: world.open, asset: 'storefront-api', place })
      const writes = watched.sent.filter((request) => !request.startsWith('GET'))
      const kinds = mode === 'legacy' ? ['/issues '] : ['/comments ', '/annotations', '/reports/', '/statuses/']
      for (const kind of kinds)
        expect(
          writes.some((one) => one.includes(kind)),
          kind,
        ).toBe(true)
      expect(writes.some((one) => one.includes('Rotate '))).toBe(true)
      for (const spelling of spellings) expect(watched.sent.filter((one) => one.includes(spelling))).toEqual([])
    })
  })

  test('of Jira, neither by issues nor by comments', async () => {
    const world = await createJiraWorld({ settings: { project: '10000', issueType: '10004', templates } })
    const watched = watchRequests([new URL(world.simulator.site).host])
    stops.push(watched.stop)
    try {
      await tellEverything(world, { database: world.open, asset: 'storefront', place: { branch: 'main' } })
      const writes = watched.sent.filter((request) => request.startsWith('POST'))
      expect(writes.filter((one) => one.includes('/rest/api/3/issue '))).toHaveLength(secrets.length)
      expect(writes.some((one) => one.includes('Rotate '))).toBe(true)
      for (const spelling of spellings) expect(watched.sent.filter((one) => one.includes(spelling))).toEqual([])
    } finally {
      await world.close()
    }
  })
})
