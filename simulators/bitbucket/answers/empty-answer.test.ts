import { expect, test } from 'vitest'
import { startSimulator } from '../simulator.ts'
import { askAs } from '../try-api.ts'

test('a 204 has a content type and nothing else', async () => {
  const simulator = await startSimulator({ repositories: 0 })
  try {
    const ask = askAs(simulator, 'mara-lind')
    const pull = '/repositories/meadow-goods/storefront-api/pullrequests/4/approve'
    await ask('POST', pull)
    const { status, headers, text } = await ask('DELETE', pull)
    expect([status, headers.get('content-type'), text]).toEqual([204, 'text/html; charset=utf-8', ''])
  } finally {
    await simulator.close()
  }
})
