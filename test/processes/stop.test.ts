import { readdirSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listImports } from '../../contract/security/imports.ts'
import { listDefects, sendVulnerability } from '../../contract/sync/defects.ts'
import { createMessage } from '../../contract/sync/messages.ts'
import { type ConnectedWeir, startConnectedWeir, storefront, storefrontReport } from './connected-weir.ts'
import { newMark } from './new-mark.ts'
import { killLeftProcesses, until } from './weir-process.ts'

let world: ConnectedWeir
let vulnerabilityId: string

beforeAll(async () => {
  world = await startConnectedWeir()
  const [first] = await world.importStorefront()
  vulnerabilityId = first?.id ?? ''
  const params = { id: vulnerabilityId }
  await world.admin.call(sendVulnerability, { params, body: {} })
  await until('the item', async () => (await world.admin.call(listDefects, { params })).items[0]?.link === 'ok')
}, 60_000)
afterAll(async () => {
  await world.close()
  await killLeftProcesses()
})

async function stopInOrder(): Promise<void> {
  const { code, ms } = await world.weir().stop()
  expect(code).toBe(0)
  expect(ms).toBeLessThan(10_000)
}

/** The first half of a report is sent, the second never comes; answers the status, or `cut off`. */
function sendHalf(report: string): Promise<number | 'cut off'> {
  const url = `${world.url}/api/v1/imports?asset=${storefront}&file_name=half.sarif`
  return new Promise((done) => {
    const sending = request(url, {
      method: 'POST',
      headers: { ...world.admin.headers(), 'content-type': 'application/json' },
    })
    sending.on('response', (answer) => done(answer.statusCode ?? 0)).on('error', () => done('cut off'))
    sending.write(report.slice(0, report.length / 2))
  })
}

const spooled = () => readdirSync(join(world.dataFolder, 'temp')).filter((name) => name.startsWith('report-'))

describe('SIGTERM', () => {
  it('while a report is uploaded ends in order, and nothing of the half is left', async () => {
    const before = (await world.admin.call(listImports)).items.map(({ id }) => id)
    const answer = sendHalf(await storefrontReport(world.simulator))
    await until('the upload to lie on the disk', () => spooled().length === 1)
    await stopInOrder()
    expect(await answer).toSatisfy((seen) => seen === 'cut off' || Number(seen) >= 400)
    expect(spooled()).toEqual([])
    await world.start()
    const [cutOff, ...others] = (await world.admin.call(listImports)).items
    expect(others.map(({ id }) => id)).toEqual(before)
    expect(cutOff).toMatchObject({ state: 'failed', progress: null, counts: { results: 0, new: 0 } })
  }, 60_000)

  it.each([
    ['Bitbucket has not taken it yet', 'before'],
    ['Bitbucket took it but did not answer yet', 'after'],
  ] as const)(
    'while a message is sent and %s ends in order, and it stands there once',
    async (_, when) => {
      const text = newMark()
      const fault = world.simulator.planFault({
        method: 'POST',
        path: '/2.0/*',
        action: { kind: 'delay', when, ms: 20_000 },
      })
      await world.admin.call(createMessage, { params: { id: vulnerabilityId }, body: { body: text } })
      await until('the message to be on its way', () => fault.seen === 1)
      await stopInOrder()
      world.simulator.clearFaults()
      await world.start()
      await until('the message to arrive', () => world.countRemote(text) > 0)
      await until('the thread to come to rest', async () => {
        const found = await world.admin.call(listDefects, { params: { id: vulnerabilityId } })
        return found.items[0]?.link === 'ok'
      })
      expect(world.countRemote(text)).toBe(1)
    },
    90_000,
  )
})
