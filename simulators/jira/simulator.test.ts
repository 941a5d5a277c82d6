import { expect, test } from 'vitest'
import { startSimulator } from './simulator.ts'
import { askAs, says } from './try-api.ts'

/** A day of work, as text, without the address, which is another in every run. */
async function story(seed: number): Promise<string> {
  const simulator = await startSimulator({ seed, clock: () => Date.UTC(2026, 10, 21, 10) })
  try {
    const tomas = askAs(simulator, 'tomas')
    const texts: string[] = [JSON.stringify(simulator.users), JSON.stringify(simulator.oauth_app), simulator.cloud_id]
    texts.push(
      (
        await tomas('POST', '/issue', {
          fields: { project: { key: 'SHOP' }, issuetype: { name: 'Bug' }, summary: 'x' },
        })
      ).text,
    )
    texts.push((await tomas('POST', '/issue/SHOP-4/comment', { body: says('y') })).text)
    texts.push((await tomas('POST', '/search/jql', { jql: 'project in (SHOP, LEDG)', fields: ['*all'] })).text)
    return texts.join('\n').replaceAll(simulator.site, 'SITE')
  } finally {
    await simulator.close()
  }
}

test('the same seed tells the same story, another seed another', async () => {
  const [first, again, other] = [await story(3), await story(3), await story(4)]
  expect(again).toBe(first)
  expect(other).not.toBe(first)
})

test('simulators in one process know nothing of each other', async () => {
  const [one, other] = [await startSimulator(), await startSimulator()]
  try {
    await askAs(one, 'ines')('DELETE', '/issue/SHOP-1')
    expect((await askAs(one, 'tomas')('GET', '/issue/SHOP-1')).status).toBe(404)
    expect((await askAs(other, 'tomas')('GET', '/issue/SHOP-1')).status).toBe(200)
  } finally {
    await one.close()
    await other.close()
  }
})
