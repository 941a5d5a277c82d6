import { expect, test } from 'vitest'
import { describeFilters } from './describe-filters.ts'

const names = new Map([['a-1', 'Quay_side']])
const tell = (filters: Parameters<typeof describeFilters>[0]) => describeFilters(filters, (id) => names.get(id))

test.each([
  [{}, ['default branches']],
  [
    { branch: '*', open: true, severity: ['critical', 'high'] as const },
    ['open', 'severity critical, high', 'all branches'],
  ],
  [
    { branch: 'tide', open: false, status_not: ['false_positive'] as const, source: 'person' as const },
    ['closed', 'status not false positive', 'branch tide', 'written down by people'],
  ],
  [
    { asset_id: ['a-1', 'a-2'], epss_from: 0.125 },
    ['asset Quay_side, one that is not here', 'default branches', 'EPSS from 12.5 %'],
  ],
  [{ tag: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] }, ['default branches', 'tag a, b, c, d, e and 2 more']],
  [
    { assignee_id: ['me'], sent: false, cwe: [79], opened_from: '2026-01-02' },
    ['default branches', 'assignee themselves', 'not sent', 'CWE 79', 'opened from 2026-01-02'],
  ],
  [{ q: 'a secret word' }, ['words that were searched for', 'default branches']],
])('%j is told as %j', (filters, words) => {
  expect(tell(filters)).toEqual(words)
})
