import { expect, test } from 'vitest'
import { checkFilters, parseFilters } from './parse-filters.ts'

test('names are those of the API, lists are repeated', () => {
  const query = new URLSearchParams('severity=high&severity=low&open=true&epss_from=0.5&cwe=79&branch=*')
  expect(parseFilters(query)).toEqual({
    severity: ['high', 'low'],
    open: true,
    epss_from: 0.5,
    cwe: [79],
    branch: '*',
  })
})

test.each([
  ['severity=nope', '--severity nope: choose critical, high, medium, low, or notification.'],
  ['severity=high&severity=no', '--severity no: choose critical, high, medium, low, or notification.'],
  ['severity_not=no', '--filter severity_not=no: choose critical, high, medium, low, or notification.'],
  ['open=maybe', '--filter open=maybe: choose true or false, once.'],
  ['open=true&open=false', '--filter open=true, false: choose true or false, once.'],
  ['assignee_id=ines', '--filter assignee_id=ines: choose the id of a member, me, or nobody.'],
  ['epss_from=2', '--filter epss_from=2: choose one number from 0 to 1.'],
  ['cwe=abc', '--filter cwe=abc: choose the number of a CWE, such as 79.'],
  ['opened_from=2026-13-01', '--filter opened_from=2026-13-01: choose one day such as 2026-01-31.'],
  ['sla=late&sla=soon', '--filter sla=late: choose'],
  ['colour=blue', '--filter colour=blue: there is no such filter. There are q, severity,'],
])('%s is refused with what is taken instead', (query, sentence) => {
  expect(() => parseFilters(new URLSearchParams(query))).toThrow(
    expect.objectContaining({ code: 'validation_failed', detail: expect.stringContaining(sentence) }),
  )
})

test('a filter that only another Weir may know is left to it', () => {
  expect(() => checkFilters(new URLSearchParams('colour=blue&severity=high'))).not.toThrow()
  expect(() => checkFilters(new URLSearchParams('colour=blue&severity=nope'))).toThrow('--severity nope')
})
