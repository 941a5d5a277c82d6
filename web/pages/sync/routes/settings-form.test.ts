import { expect, test } from 'vitest'
import { toDefaults, toSettingFields } from './settings-form.ts'

const priorities = {
  default: { high: 'major', low: 'minor' },
  type: 'object',
  propertyNames: { type: 'string', enum: ['high', 'low'] },
  additionalProperties: { type: 'string', enum: ['major', 'minor'] },
}

test.each([
  [{ type: 'string' }, { kind: 'text' }],
  [{ type: 'integer' }, { kind: 'number' }],
  [{ type: 'boolean' }, { kind: 'switch' }],
  [
    { type: 'string', enum: ['a', 'b'] },
    { kind: 'choice', choices: ['a', 'b'], isRequired: false },
  ],
  [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, { kind: 'text' }],
  [{ type: 'array', items: { type: 'string' } }, { kind: 'list' }],
  [{ type: 'array', items: { type: 'object' } }, { kind: 'json' }],
  [priorities, { kind: 'map', keys: ['high', 'low'], choices: ['major', 'minor'] }],
  [
    { type: 'object', propertyNames: { enum: ['high'] }, additionalProperties: { type: 'string' } },
    { kind: 'map', keys: ['high'], choices: [] },
  ],
  [{ type: 'object', propertyNames: { enum: ['high'] }, additionalProperties: {} }, { kind: 'json' }],
  [{ type: 'object', additionalProperties: {} }, { kind: 'json' }],
  [{}, { kind: 'json' }],
])('%j is drawn as %j', (property, shape) => {
  expect(toSettingFields({ type: 'object', properties: { one: property } })).toEqual([
    { name: 'one', label: 'One', hint: undefined, ...shape },
  ])
})

test('a field is called by its title, else by its name in words, and says what it is for', () => {
  const properties = {
    issue_type: { type: 'string' },
    dueDate: {},
    project: { type: 'string', title: 'Key', description: 'Short' },
  }
  const fields = toSettingFields({ type: 'object', properties })
  expect(fields.map(({ label, hint }) => [label, hint])).toEqual([
    ['Issue type', undefined],
    ['Due date', undefined],
    ['Key', 'Short'],
  ])
})

test('what has to be chosen is told from what may be left out', () => {
  const properties = { one: { enum: ['a'] }, other: { enum: ['a'] } }
  const fields = toSettingFields({ type: 'object', properties, required: ['one'] })
  expect(fields.map((field) => field.kind === 'choice' && field.isRequired)).toEqual([true, false])
})

test('a route begins with the defaults of its tracker', () => {
  const properties = { priorities, project: { type: 'string' } }
  expect(toDefaults({ type: 'object', properties })).toEqual({ priorities: { high: 'major', low: 'minor' } })
  expect(toDefaults({ type: 'object' })).toEqual({})
})
