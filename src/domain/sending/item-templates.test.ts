import { expect, test } from 'vitest'
import { defaultItemTemplate } from './item-placeholders.ts'
import { chooseTemplate, itemTemplates } from './item-templates.ts'

const route = itemTemplates.parse({ any: { title: 'route any' }, secret: { title: 'route secret' } })
const organization = itemTemplates.parse({
  any: { title: 'own any', body: 'own body' },
  secret: { body: 'own secret' },
})

test('the first layer that says something wins, its own kind before the one for any kind', () => {
  expect(chooseTemplate([route, organization], 'secret')).toEqual({ title: 'route secret', body: 'own secret' })
  expect(chooseTemplate([route, organization], 'code')).toEqual({ title: 'route any', body: 'own body' })
  expect(chooseTemplate([{}, organization], 'code')).toEqual({ title: 'own any', body: 'own body' })
  expect(chooseTemplate([{}, {}], 'code')).toEqual(defaultItemTemplate)
})

test.each([
  [{ any: { title: '{{owner}}' } }, 'There is no placeholder {{owner}}.'],
  [{ any: { title: 'one\ntwo' } }, 'A title is one line.'],
  [{ any: { body: ' ' } }, ''],
  [{ other: { body: 'x' } }, ''],
  [{ any: { body: 'x'.repeat(8001) } }, ''],
])('%j is refused', (given, sentence) => {
  const parsed = itemTemplates.safeParse(given)
  expect(parsed.success).toBe(false)
  expect(parsed.error?.issues.map(({ message }) => message).join()).toContain(sentence)
})
