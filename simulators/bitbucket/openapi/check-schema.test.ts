import { expect, test } from 'vitest'
import { findOperation, schemaProblems } from './check-schema.ts'

const document = {
  paths: { '/a/{id}/': { get: { responses: { 200: { schema: { $ref: '#/definitions/thing' } } } } } },
  definitions: {
    base: { type: 'object', properties: { type: { type: 'string' } }, required: ['type'], additionalProperties: true },
    thing: {
      allOf: [
        { $ref: '#/definitions/base' },
        {
          type: 'object',
          additionalProperties: false,
          properties: {
            size: { type: 'integer', minimum: 0 },
            kind: { type: 'string', enum: ['x', 'y'] },
            made: { type: 'string', format: 'date-time' },
            parts: { type: 'array', items: { $ref: '#/definitions/thing' } },
          },
        },
      ],
    },
  },
}
const thing = { $ref: '#/definitions/thing' }

test('finds an operation whatever its parameters are called', () => {
  expect(findOperation(document, 'GET', '/a/:other')?.template).toBe('/a/{id}/')
  expect(findOperation(document, 'PUT', '/a/:other')).toBeUndefined()
  expect(findOperation(document, 'GET', '/b/:other')).toBeUndefined()
})

test.each([
  [{ type: 't', size: 1, kind: 'x', made: '2026-11-20T10:00:00.000001+00:00', parts: [{ type: 'u' }] }, []],
  [{ type: 't', size: null }, []],
  [{ size: 1 }, ['.type: missing']],
  [{ type: 't', size: 1.5 }, ['.size: not integer']],
  [{ type: 't', size: -1 }, ['.size: too small']],
  [{ type: 't', kind: 'z' }, ['.kind: z is not in the enum']],
  [{ type: 't', made: 'yesterday' }, ['.made: not a date-time']],
  [{ type: 't', colour: 'red' }, ['.colour: not in the schema']],
  [{ type: 't', parts: [{ type: 'u' }, {}] }, ['.parts[1].type: missing']],
  [[], [': not object', ': not object']],
])('%j has the problems %j', (value, problems) => {
  expect(schemaProblems(document, thing, value)).toEqual(problems)
})
