import { describe, expect, test, vi } from 'vitest'
import { startSimulator } from '../simulator.ts'
import { askAs } from '../try-api.ts'
import { followLinks } from './follow-links.ts'
import { mustWalk, takeWalk } from './walk.ts'
import { allWalks } from './walks/all-walks.ts'

// Every walk, and behind every answer of it a crawl: a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 })

/** Links that are no pages to look at: the real one links them too. */
const leadNowhere: RegExp[] = [
  // Addresses to POST to: there is no GET.
  /^404 \/2\.0\/.*\/(approve|request-changes|merge|decline)$/,
  // Answers 404 to whoever did not vote, and 204 to whoever did.
  /^404 \/2\.0\/.*\/issues\/\d+\/vote$/,
]

function unexpected(dead: readonly string[]): string[] {
  return dead.filter((one) => !leadNowhere.some((pattern) => pattern.test(one)))
}

test.each(['2026', 'legacy'] as const)(
  'in %s mode every link from the account and the workspace on leads somewhere',
  async (mode) => {
    const simulator = await startSimulator({ repositories: 1, mode })
    Object.assign(simulator.switches.rateLimits, { api: 1e6, raw: 1e6 })
    try {
      const ask = askAs(simulator, 'mara-lind')
      const { follow, dead, kinds } = followLinks(simulator)
      for (const path of ['/user', '/user/workspaces', '/workspaces/meadow-goods', '/hook_events'])
        await follow((await ask('GET', path)).body)
      expect(unexpected(dead)).toEqual([])
      expect(kinds.size).toBeGreaterThan(60)
    } finally {
      await simulator.close()
    }
  },
)

describe.runIf(mustWalk)('every link of every answer of the walks leads somewhere', () => {
  const kinds = { '2026': new Set<string>(), legacy: new Set<string>() }

  test.each(allWalks)('$name', async (walk) => {
    const simulator = await startSimulator({ repositories: 1, mode: walk.mode })
    try {
      const { follow, dead } = followLinks(simulator, kinds[walk.mode])
      await takeWalk(simulator, walk, async (_operation, reply) => {
        // Of what was refused nothing has to be there.
        if (reply.status < 400) await follow(reply.body)
      })
      expect(unexpected(dead)).toEqual([])
    } finally {
      await simulator.close()
    }
  })
})
