import { expect, test } from 'vitest'
import { jsonFormat } from './define-format.ts'
import { readText } from './read-text.fixture.ts'
import { wishItems } from './wish-items.ts'

const ships = jsonFormat({
  name: 'ships',
  title: 'Ships',
  recognise: () => true,
  wish: wishItems(['ships'], ['harbour']),
  isResult: () => false,
  newContext: () => null,
  tools: () => [],
  read: () => [],
})

test('a file without anything the format looks at is refused: as a clean report it would close everything', async () => {
  for (const text of ['{"boats": [], "port": 1}', '{"boats": {"ships": []}}'])
    await expect(readText(ships, text)).rejects.toThrow('nothing in it is what such a report consists of')
})

test('a report that found nothing is one all the same', async () => {
  for (const text of ['{"ships": []}', '{"boats": [], "ships": null}', '{"harbour": "north"}', '[]', '{}'])
    expect((await readText(ships, text)).results).toEqual([])
})
