import { expect, test } from 'vitest'
import { selectFields } from './fields.ts'

const page = {
  values: [
    { id: 1, title: 'one', links: { self: { href: 'a' }, html: { href: 'b' } }, reviewers: [{ uuid: 'r' }] },
    { id: 2, title: 'two', links: { self: { href: 'c' }, html: { href: 'd' } }, reviewers: [] },
  ],
  next: 'n',
  size: 2,
}
const hidden = ['values.reviewers']
const usual = { ...page, values: page.values.map(({ reviewers: _reviewers, ...rest }) => rest) }

test.each([
  [null, usual],
  ['values.id', { values: [{ id: 1 }, { id: 2 }] }],
  ['values.id,next', { values: [{ id: 1 }, { id: 2 }], next: 'n' }],
  ['values.links.self.href', { values: [{ links: { self: { href: 'a' } } }, { links: { self: { href: 'c' } } }] }],
  ['values.links.*.href,size', { values: page.values.map(({ links }) => ({ links })), size: 2 }],
  [
    '-values.links,-next',
    {
      values: [
        { id: 1, title: 'one' },
        { id: 2, title: 'two' },
      ],
      size: 2,
    },
  ],
  ['-values', { next: 'n', size: 2 }],
  ['+values.reviewers', page],
  [' values.reviewers', {}],
  ['-*,+size', { size: 2 }],
  [
    'values.id,+values.reviewers',
    {
      values: [
        { id: 1, reviewers: [{ uuid: 'r' }] },
        { id: 2, reviewers: [] },
      ],
    },
  ],
  ['values.nothing', { values: [{}, {}] }],
  [
    'values.id,values.links.*.href,values.title',
    { values: page.values.map(({ reviewers: _reviewers, ...rest }) => rest) },
  ],
  ['values.links,values.links.self', { values: page.values.map(({ links }) => ({ links })) }],
  [
    '+values.reviewers,-values.reviewers.uuid',
    { ...page, values: page.values.map((one) => ({ ...one, reviewers: one.reviewers.map(() => ({})) })) },
  ],
  ['-values.id,+values.id', { ...page, values: usual.values }],
])('fields=%s', (fields, wanted) => {
  expect(selectFields(page, fields, { hidden })).toEqual(wanted)
})

test('however many parts there are, each object is looked at once', () => {
  const parts = Array.from({ length: 2000 }, (_, index) => `values.f${index}`)
  let expanded = 0
  const expand = () => {
    expanded += 1
    return { f0: 0, f1999: 1999 }
  }
  expect(selectFields({ values: [{ id: 1 }, { id: 2 }] }, parts.join(','), { expand })).toEqual({
    values: [
      { f0: 0, f1999: 1999 },
      { f0: 0, f1999: 1999 },
    ],
  })
  selectFields({ values: [{ id: 1 }, { id: 2 }] }, parts.map((part) => `+${part}`).join(','), { expand })
  expect(expanded).toBe(4)
})

test('a whole embedded object and more of it are both kept', () => {
  const expand = () => ({ uuid: 'r', created_on: 'then' })
  expect(selectFields({ owner: { uuid: 'r' } }, 'owner,owner.created_on', { expand })).toEqual({
    owner: { uuid: 'r', created_on: 'then' },
  })
})

test('adding and dropping in turn without end is refused', () => {
  const turns = (times: number) => '+values.id,-values.id,'.repeat(times)
  expect(selectFields(page, turns(25), { hidden })).toMatchObject({ size: 2 })
  expect(() => selectFields(page, turns(26), { hidden })).toThrow('Invalid fields')
})
