import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { metricExplanation } from '../../contract/delivery/explain.ts'
import { newId } from '../../src/lib/ids.ts'
import { listMetricRows } from '../../src/metrics/list-metric-rows.ts'
import { metrics } from '../../src/metrics/registry.ts'
import { isExplained } from '../../src/metrics/select-part.ts'
import { ensureSecretKeys } from '../../src/secret-key.ts'
import { computeChangedFigures } from '../../src/usecases/delivery/compute-figures.ts'
import { createTestApp, createTestClient, setUp, type TestApp } from '../app.ts'
import { fillDeliveryPlace, insertDeliveryRepositories, insertPullRequests } from '../delivery-facts.ts'
import { makePullRequests, people, repositories } from '../many-pull-requests.ts'
import { killLeftProcesses, runCli } from './weir-process.ts'

// `weir explain`, as somebody types it, beside a Weir that runs on the same database.
let weir: TestApp
let folder: string
let organizationId: string
const stated = makePullRequests(30)
const [shop] = repositories
const reviewed = stated.find(
  (one) => one.repositoryId === shop?.id && one.events?.some(({ kind }) => kind === 'approval'),
)
const named = `storefront-api#${reviewed?.number}`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-explain-'))
  ensureSecretKeys({ secretKeys: undefined, dataFolder: folder })
  weir = await createTestApp()
  await setUp(weir)
  const { db } = weir.database
  const row = await db.selectFrom('organization').select('organization_id').executeTakeFirstOrThrow()
  organizationId = row.organization_id
  const connectionId = newId()
  await fillDeliveryPlace(db, { organizationId, connectionId, repositories, people })
  await insertPullRequests(db, organizationId, stated)
  // Another workspace has a warehouse, too, with a pull request of the same number.
  const twin = newId()
  await insertDeliveryRepositories(db, {
    organizationId,
    connectionId,
    repositories: [{ id: twin, slug: 'warehouse' }],
  })
  await db.updateTable('repository').set({ workspace_slug: 'hill-goods' }).where('id', '=', twin).execute()
  const other = stated.find(({ repositoryId }) => repositoryId !== shop?.id)
  if (other !== undefined) await insertPullRequests(db, organizationId, [{ ...other, id: newId(), repositoryId: twin }])
  await computeChangedFigures({ db, clock: () => new Date('2026-05-01T00:00:00Z') })
}, 90_000)
afterAll(async () => {
  await killLeftProcesses()
  await weir.close()
  await rm(folder, { recursive: true, force: true })
})

const explain = (...args: string[]) =>
  runCli(['explain', ...args], { DATABASE_URL: weir.database.url, WEIR_DATA_FOLDER: folder })
const json = async (...args: string[]) => {
  const ended = await explain(...args, '--json')
  return {
    ...ended,
    told: ended.code === 0 ? metricExplanation.parse(JSON.parse(ended.stdout)) : JSON.parse(ended.stdout),
  }
}
/** What the page of the figure shows of it. */
const rowOf = async (key: string) => {
  const metric = metrics.find((one) => one.key === key)
  if (metric === undefined) throw new Error(`There is no ${key}.`)
  const range = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2026-05-01T00:00:00Z') }
  const scope = { organizationId, repositoryIds: undefined, branches: undefined, range, now: range.to }
  const rows = await listMetricRows(weir.database.db, metric, { ...scope, after: null, limit: 500 })
  return rows.find(({ id }) => id === reviewed?.id)
}

describe('weir explain', () => {
  it('tells people in lines what made the part of a pull request, with the value of the figure', async () => {
    const row = await rowOf('pickup_time')
    const { code, stdout, stderr } = await explain('pickup_time', '--pr', named)
    expect([code, stderr]).toEqual([0, ''])
    const hours = ((row?.value ?? Number.NaN) / 3600).toFixed(1)
    expect(stdout.split('\n')[0]).toBe(
      `Pickup time of meadow-goods/storefront-api #${reviewed?.number} Change ${reviewed?.number}: ${hours} h (${row?.value} s)`,
    )
    for (const part of [
      'counted',
      'What was told:',
      'Moments:',
      'Phases:',
      'The figures on screen are made of the same.',
    ])
      expect(stdout).toContain(part)
    for (const { at } of reviewed?.events ?? []) expect(stdout).toContain(new Date(at).toISOString())
  })

  it('answers one object of the API’s shape with --json, whose value is that of the figure’s rows', async () => {
    const keys = metrics
      .filter((metric) => metric.subject === 'pull_request' && isExplained(metric))
      .map(({ key }) => key)
    for (const key of ['pickup_time', 'pr_size', 'review_rounds']) {
      expect(keys).toContain(key)
      const row = await rowOf(key)
      const { code, told } = await json(key, '--pr', `meadow-goods/${named}`)
      expect(code).toBe(0)
      expect(told).toMatchObject({
        metric: { key },
        subject: { id: reviewed?.id, number: reviewed?.number },
        ...(row === undefined
          ? { value: null }
          : { outcome: 'counted', value: row.value, at: row.at.toISOString(), stored: { value: row.value } }),
      })
    }
  })

  it('says with a sentence and a code what it cannot explain', async () => {
    const number = stated.find(({ repositoryId }) => repositoryId !== shop?.id)?.number
    const table: [string[], number, RegExp][] = [
      [['tide_height', '--pr', named], 1, /no figure|tide_height/i],
      [['pickup_time', '--pr', 'storefront-api#99999'], 1, /There is no pull request storefront-api#99999 here\./],
      [['pickup_time', '--pr', 'harbour#1'], 1, /There is no pull request harbour#1 here\./],
      [['pickup_time', '--pr', '42'], 2, /REPOSITORY#NUMBER/],
      [
        ['pickup_time', '--pr', `warehouse#${number}`],
        2,
        /say the workspace too, hill-goods\/warehouse or meadow-goods\/warehouse/,
      ],
      [['pickup_time'], 2, /^Usage: weir explain METRIC/],
      [['pickup_time', '--pr', named, '--deployment', newId()], 2, /^Usage: /],
      [['change_failure_rate', '--pr', named], 2, /is made of deployments/],
      [['introduction_rate', '--pr', named], 2, /cannot be explained/],
    ]
    for (const [args, code, words] of table) {
      const ended = await explain(...args)
      expect([args, ended.code, ended.stdout]).toEqual([args, code, ''])
      expect(ended.stderr).toMatch(words)
    }
    const { code, told } = await json('tide_height', '--pr', named)
    expect([code, told]).toMatchObject([1, { error: { code: 'not_found' } }])
    const apart = await json('pickup_time', '--pr', `hill-goods/warehouse#${number}`)
    expect(apart.told).toMatchObject({ subject: { repository: { name: 'hill-goods/warehouse' } } })
  }, 60_000)

  it('needs the key of this Weir here, and the right to read over the API', async () => {
    const without = await runCli(['explain', 'pickup_time', '--pr', named], {
      DATABASE_URL: weir.database.url,
      WEIR_DATA_FOLDER: join(folder, 'elsewhere'),
    })
    expect([without.code, without.stdout]).toEqual([1, ''])
    expect(without.stderr).toContain('There is no secret key')
    const path = `/api/v1/analytics/metrics/pickup_time/explain?pull_request=${encodeURIComponent(named)}`
    for (const credential of [{}, { token: 'weir_nobody' }])
      expect((await createTestClient(weir.url, credential).send('GET', path)).status).toBe(401)
  })

  it('shows an organization nothing of another one’s', async () => {
    await weir.database.db.insertInto('organization').values({ organization_id: newId(), name: 'Far Shore' }).execute()
    expect(await explain('pickup_time', '--pr', named)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--organization'),
    })
    const far = await explain('pickup_time', '--pr', named, '--organization', 'Far Shore')
    expect([far.code, far.stdout]).toEqual([1, ''])
    const near = await explain('pickup_time', '--pr', named, '--organization', 'Harbour Works')
    expect(near.code).toBe(0)
  })
})
