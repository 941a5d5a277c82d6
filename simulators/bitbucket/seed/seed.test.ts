import { expect, test, vi } from 'vitest'
import { at } from '../../shared/json.ts'
import { startSimulator } from '../simulator.ts'
import { askAs } from '../try-api.ts'
import { vulnerablePlaces } from './vulnerable-places.ts'

// Real git, several servers: a busy machine takes its time.
vi.setConfig({ testTimeout: 60_000 })

test('every vulnerable place is where it is said to be, on main and in the diff of its pull request', async () => {
  const simulator = await startSimulator({ repositories: 0 })
  try {
    const ask = askAs(simulator, 'mara-lind')
    const places = vulnerablePlaces()
    expect(places.length).toBeGreaterThan(20)
    for (const place of places) {
      const base = `/repositories/meadow-goods/${place.repository}`
      const file = await ask('GET', `${base}/src/main/${place.path}`)
      expect(file.text.split('\n')[(place.line ?? 0) - 1]?.trim()).toBe(place.snippet)
      if (place.pullRequest === null) continue
      const pullRequest = await ask('GET', `${base}/pullrequests/${place.pullRequest.id}`)
      expect([pullRequest.at('state'), pullRequest.at('source', 'branch', 'name')]).toEqual([
        'OPEN',
        place.pullRequest.source,
      ])
      const changed = await ask('GET', `${base}/src/${pullRequest.at('source', 'commit', 'hash')}/${place.path}`)
      expect(changed.text.split('\n')[place.pullRequest.line - 1]?.trim()).toBe(place.pullRequest.snippet)
      const diff = await ask(
        'GET',
        String((await ask('GET', `${base}/pullrequests/${place.pullRequest.id}/diff`)).headers.get('location')),
      )
      expect(diff.text.split('\n').map((line) => line.replace(/^\+\s*/, ''))).toContain(place.pullRequest.snippet)
    }
    for (const repository of simulator.repositories.slice(0, 4)) {
      expect(repository.open_pull_requests.length).toBeGreaterThanOrEqual(2)
      expect(places.some((place) => place.repository === repository.slug && place.pullRequest !== null)).toBe(true)
    }
  } finally {
    await simulator.close()
  }
})

test('the same seed gives the same identities and hashes, another seed others', async () => {
  const [one, same, other] = await Promise.all(
    [1, 1, 2].map(async (seed) => await startSimulator({ seed, repositories: 1 })),
  )
  try {
    if (one === undefined || same === undefined || other === undefined) throw new Error('not started')
    expect(same.users).toEqual(one.users)
    expect(same.repositories).toEqual(one.repositories)
    expect(other.workspace.uuid).not.toBe(one.workspace.uuid)
    const tip = async (simulator: typeof one) =>
      at(
        (await askAs(simulator, 'mara-lind')('GET', '/repositories/meadow-goods/ledger-core/commits?pagelen=1'))
          .values[0],
        'hash',
      )
    expect(await tip(same)).toBe(await tip(one))
  } finally {
    await Promise.all([one, same, other].map(async (simulator) => await simulator?.close()))
  }
})

test('two hundred small repositories cost less than six seconds of this process', async () => {
  const before = process.cpuUsage()
  const simulator = await startSimulator({ repositories: 200 })
  try {
    const { user, system } = process.cpuUsage(before)
    expect(user + system).toBeLessThan(6_000_000)
    expect(simulator.repositories).toHaveLength(204)
    expect(new Set(simulator.repositories.map((one) => one.uuid)).size).toBe(204)
    const ask = askAs(simulator, 'yuki-brandt')
    const last = simulator.repositories.at(-1)
    expect((await ask('GET', `/repositories/${last?.full_name}/src/main/index.js`)).text).toContain('process.argv')
  } finally {
    await simulator.close()
  }
})
