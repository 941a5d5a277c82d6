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
])('fields=%s', (fields, wanted) => {
  expect(selectFields(page, fields, { hidden })).toEqual(wanted)
})
