import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'

let simulator: Simulator
let mara: Ask
let now = Date.UTC(2026, 10, 21)
const reports = '/repositories/meadow-goods/ledger-core/commit/main/reports'

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0, clock: () => now })
  mara = askAs(simulator, 'mara-lind')
})
afterAll(async () => await simulator.close())

test('reports stay, or go after as many days as the switch says', async () => {
  const report = { title: 't', details: 'd', report_type: 'SECURITY' }
  expect((await mara('PUT', `${reports}/scan`, report)).status).toBe(200)
  now += 400 * 86_400_000
  expect((await mara('GET', reports)).at('size')).toBe(1)
  simulator.switches.reportDays = 30
  expect((await mara('GET', `${reports}/scan`)).status).toBe(404)
  expect((await mara('GET', reports)).at('size')).toBe(0)
  await mara('PUT', `${reports}/scan`, report)
  now += 29 * 86_400_000
  expect((await mara('GET', `${reports}/scan`)).status).toBe(200)
})
