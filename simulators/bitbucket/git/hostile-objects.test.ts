import { afterAll, beforeAll, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'
import { type Clone, openClone } from '../try-git.ts'
import { gitText } from './run-git.ts'

const base = '/repositories/meadow-goods/invoice-service'
let simulator: Simulator
let mara: Ask
let clone: Clone

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  mara = askAs(simulator, 'mara-lind')
  clone = await openClone(simulator, { slug: 'invoice-service', username: 'mara-lind' })
})
afterAll(async () => {
  await clone.close()
  await simulator.close()
})

/** Pushes a commit object that no git would write, as a branch. */
async function pushObject(name: string, lines: (facts: { tree: string; parent: string }) => string): Promise<string> {
  const [tree = '', parent = ''] = (await clone.git('rev-parse', 'origin/main^{tree}', 'origin/main')).split('\n')
  const args = ['hash-object', '-t', 'commit', '-w', '--literally', '--stdin']
  const hash = (await gitText(clone.folder, args, { stdin: lines({ tree, parent }) })).trim()
  await clone.git('push', '-q', 'origin', `${hash}:refs/heads/${name}`)
  return hash
}

const who = 'Mara Lind <mara@meadow-goods.example> 1700000000 +0000'

test.each([
  ['nobody', ({ tree, parent }) => `tree ${tree}\nparent ${parent}\nauthor  <> 1 +0000\ncommitter  <> 1 +0000\n\nx`],
  ['punctuation', ({ tree, parent }) => `tree ${tree}\nparent ${parent}\nauthor ., <.> 1 +0000\ncommitter ${who}\n\nx`],
  ['no-date', ({ tree, parent }) => `tree ${tree}\nparent ${parent}\nauthor Mara <m@x>\ncommitter Mara <m@x>\n\nx`],
  [
    'far-date',
    ({ tree, parent }) => `tree ${tree}\nparent ${parent}\nauthor M <m> 99999999999999 +9999\ncommitter ${who}\n\nx`,
  ],
  ['no-people', ({ tree, parent }) => `tree ${tree}\nparent ${parent}\n\nx`],
  ['no-message', ({ tree, parent }) => `tree ${tree}\nparent ${parent}\nauthor ${who}\ncommitter ${who}\n`],
  ['nul', ({ tree, parent }) => `tree ${tree}\nparent ${parent}\nauthor ${who}\ncommitter ${who}\n\nbefore\u0000after`],
] as const satisfies readonly (readonly [string, (facts: { tree: string; parent: string }) => string])[])(
  'a commit of an odd making is shown: %s',
  async (name, lines) => {
    const hash = await pushObject(name, lines)
    for (const path of [`commit/${hash}`, `refs/branches/${name}`, `commits/${name}`, `diff/${hash}`, `patch/${hash}`])
      expect([path, (await mara('GET', `${base}/${path}`)).status]).toEqual([path, 200])
    expect((await mara('GET', `${base}/refs/branches?pagelen=100`)).values.map((one) => at(one, 'name'))).toContain(
      name,
    )
    const pull = await mara('POST', `${base}/pullrequests`, { title: name, source: { branch: { name } } })
    expect(pull.status).toBe(201)
    for (const strategy of ['rebase_merge', 'squash']) {
      const merged = await mara('POST', `${base}/pullrequests/${String(pull.at('id'))}/merge`, {
        merge_strategy: strategy,
      })
      expect(merged.status).toBeLessThan(500)
    }
  },
)
