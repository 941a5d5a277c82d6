import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRestriction } from '../operations/branch-restrictions.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { guardPush, readPushCommands } from './push-guard.ts'

const old = 'a'.repeat(40)
const next = 'b'.repeat(40)
const zero = '0'.repeat(40)

function line(text: string): string {
  return (Buffer.byteLength(text) + 4).toString(16).padStart(4, '0') + text
}

const body = Buffer.from(
  `${line(`${old} ${next} refs/heads/main\0 report-status agent=git/2`)}${line(`${old} ${zero} refs/heads/gone\n`)}0000PACK`,
)

let simulator: Simulator
beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
})
afterAll(async () => {
  await simulator.close()
})

test('the commands of a push are read up to the flush', () => {
  expect(readPushCommands(body)).toEqual([
    { from: old, to: next, ref: 'refs/heads/main' },
    { from: old, to: zero, ref: 'refs/heads/gone' },
  ])
})

test.each(['', '0000', '00', 'zzzz', 'nothing like a push'])('%j has none', (text) => {
  expect(readPushCommands(Buffer.from(text))).toEqual([])
})

test('a push is guarded for the branches that are restricted, packed or not', async () => {
  const { sim } = simulator
  const [repository] = sim.repositories
  const [actor] = sim.people
  if (repository === undefined || actor === undefined) throw new Error('nothing is planted')
  const guard = async (bytes: Buffer, encoding?: string) =>
    await guardPush(sim, { repository, actor }, { body: bytes, encoding })
  expect(await guard(body)).toBeUndefined()
  const none = { value: null, users: undefined, groups: undefined }
  createRestriction(sim, repository, { ...none, kind: 'force', match: { kind: 'glob', pattern: 'main' } })
  createRestriction(sim, repository, { ...none, kind: 'delete', match: { kind: 'glob', pattern: '*' } })
  const wanted = { PUSH_REFUSED: 'refs/heads/gone', PUSH_FORWARD_ONLY: 'refs/heads/main' }
  expect(await guard(body)).toMatchObject(wanted)
  expect(await guard(gzipSync(body), 'gzip')).toMatchObject(wanted)
  expect(await guard(Buffer.from('0000'))).toBeUndefined()
})
