import { describe, expect, test } from 'vitest'
import { queryable, selectItems } from './select-items.ts'

const issues = [
  {
    id: 1,
    title: 'SQL in search',
    state: 'new',
    priority: 'critical',
    assignee: null,
    updated_on: '2026-11-01T10:00:00.000001+00:00',
    content: { raw: 'see orders.js' },
  },
  {
    id: 2,
    title: 'Broken button',
    state: 'resolved',
    priority: 'minor',
    assignee: { uuid: '{u}', nickname: 'Yuki' },
    updated_on: '2026-11-02T10:00:00.000000+00:00',
    content: { raw: '' },
  },
  {
    id: 3,
    title: 'Secret in source',
    state: 'on hold',
    priority: 'blocker',
    assignee: { uuid: '{v}', nickname: 'Tomas' },
    updated_on: '2026-11-01T10:00:00.000002+00:00',
    content: { raw: 'secret' },
  },
]

function ids(q: string, sort?: string): unknown[] {
  const query = new URLSearchParams({ ...(q === '' ? {} : { q }), ...(sort === undefined ? {} : { sort }) })
  return selectItems(issues, query, queryable.issue, { render: (one) => one }).map((one) => one.id)
}

describe('q', () => {
  test.each([
    ['state = "new"', [1]],
    ['state="on hold"', [3]],
    ['state != "new"', [2, 3]],
    ['title ~ "SOURCE"', [3]],
    ['title !~ "in"', [2]],
    ['id > 1 AND id <= 3', [2, 3]],
    ['id = 1 OR id = 3 AND state = "new"', [1]],
    ['(id = 1 OR id = 3) and state = "on hold"', [3]],
    ['state IN ("new", "resolved")', [1, 2]],
    ['state NOT IN ("new", "resolved")', [3]],
    ['assignee = null', [1]],
    ['assignee != null', [2, 3]],
    ['assignee.nickname = "Yuki"', [2]],
    ['priority >= "major"', [1, 3]],
    ['updated_on > 2026-11-01T10:00:00.000001+00:00', [2, 3]],
    ['updated_on > 2026-11-01T10:00:00.000001 00:00', [2, 3]],
    ['updated_on >= 2026-11-02', [2]],
    ['updated_on < "2026-11-02T00:00:00Z"', [1, 3]],
    ['content.raw ~ "orders.js"', [1]],
  ])('%s', (q, wanted) => {
    expect(ids(q)).toEqual(wanted)
  })

  test.each([
    'colour = "red"',
    'state',
    'state =',
    'state = new',
    '(id = 1',
    'id = 1 id = 2',
    'id IN 1',
    'title = "a" b"',
  ])('refuses %s with 400', (q) => {
    expect(() => ids(q)).toThrow(expect.objectContaining({ status: 400 }))
  })
})

describe('sort', () => {
  test.each([
    ['id', [1, 2, 3]],
    ['-id', [3, 2, 1]],
    ['-priority', [3, 1, 2]],
    ['updated_on', [1, 3, 2]],
    ['assignee.nickname', [1, 3, 2]],
  ])('%s', (sort, wanted) => {
    expect(ids('', sort)).toEqual(wanted)
  })

  test('refuses an unknown field with 400', () => {
    expect(() => ids('', '-colour')).toThrow(expect.objectContaining({ status: 400 }))
  })
})
