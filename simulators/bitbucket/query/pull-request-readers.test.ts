import { expect, test } from 'vitest'
import { renderForCall } from '../routes/pull-requests.ts'
import { startSimulator } from '../simulator.ts'
import { pullRequestReaders } from './pull-request-readers.ts'
import { queryable, valuesAt } from './select-items.ts'

test('what q and sort read of a pull request is what it is rendered with', async () => {
  const simulator = await startSimulator({ repositories: 0 })
  try {
    const { sim } = simulator
    const [person] = sim.people
    const [credential] = sim.credentials
    if (person === undefined || credential === undefined) throw new Error('nobody is there')
    const call = {
      sim,
      principal: { kind: 'known', person, credential },
      params: {},
      query: new URLSearchParams(),
      headers: {},
      body: undefined,
      form: () => undefined,
      path: '',
    } as const
    const subjects = sim.repositories.flatMap((repository) =>
      repository.pullRequests.map((pullRequest) => ({ repository, pullRequest })),
    )
    const readers = Object.entries(pullRequestReaders((one: (typeof subjects)[number]) => one))
    expect(readers.length).toBeGreaterThan(30)
    for (const [field, read] of readers) {
      expect(queryable.pullRequest).toContain(field)
      for (const subject of subjects) {
        const rendered = renderForCall(call, subject.repository, subject.pullRequest)
        const found = read(subject)
        const quick = Array.isArray(found) ? (found.length === 0 ? [null] : found) : [found]
        expect({ field, values: quick }).toEqual({ field, values: valuesAt(rendered, field.split('.')) })
      }
    }
  } finally {
    await simulator.close()
  }
})
