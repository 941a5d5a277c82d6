import { expect, test } from 'vitest'
import { composeItemBody, composeItemTitle, composeTaskText, type ItemContent, type ItemKind } from './item-text.ts'

const marker = { instance: '0123456789ab', kind: 'defect' as const, id: '018f0000-0000-7000-8000-000000000001' }
const content: ItemContent = {
  number: 7,
  title: 'SQL built from user input',
  severity: 'high',
  scanner: 'semgrep',
  ruleId: 'js.sql-injection',
  path: 'src/orders.js',
  line: 15,
  branch: 'main',
  why: 'The query is put together with + from a request parameter.',
  helpUrl: 'https://example.com/sql',
  url: 'https://weir.example/vulnerabilities/7',
}

const bodyOf = (change: Partial<ItemContent> = {}, kind: ItemKind = 'pull_request_thread') =>
  composeItemBody({ ...content, ...change }, { kind, marker })

test('the title starts with the severity and fits into Bitbucket', () => {
  expect(composeItemTitle(content)).toBe('[high] SQL built from user input')
  expect(composeItemTitle({ ...content, title: 'x'.repeat(500) })).toHaveLength(255)
})

test('a title is never cut through the middle of an emoji', () => {
  for (const length of [244, 245, 246, 247]) {
    const title = composeItemTitle({ ...content, title: 'x'.repeat(length) + '😀'.repeat(20) })
    expect(title).toMatch(/^\[high\] x+(😀)*…$/u)
    expect(title.length).toBeGreaterThanOrEqual(254)
    expect(title.length).toBeLessThanOrEqual(255)
  }
})

test('the body has at most ten lines and the marker alone on the last', () => {
  const lines = bodyOf({ why: 'a\nb\nc\n'.repeat(50) })
    .trimEnd()
    .split('\n')
  expect(lines.length).toBeLessThanOrEqual(10)
  expect(lines.at(-1)).toBe('[weir]: #0123456789ab-018f0000-0000-7000-8000-000000000001')
  expect(lines.at(-2)).toBe('')
})

test.each(['<img src=x onerror=alert(1)>', '[click](javascript:alert(1))', '**bold**', '@everyone #12'])(
  'scanner text cannot become markup: %s',
  (hostile) => {
    const body = bodyOf({ title: hostile, why: hostile })
    expect(body).not.toContain(hostile)
  },
)

test.each(['@tomas', '@{0a0b0c0d-0000-4000-8000-000000000001}', '#12', '![x](https://evil.example/p.png)', '<b>x</b>'])(
  'neither title nor task calls, links or shows %s',
  (hostile) => {
    expect(composeItemTitle({ ...content, title: `Look ${hostile} here` })).not.toContain(hostile)
    expect(composeTaskText({ ...content, title: `Look ${hostile} here` })).not.toContain(hostile)
  },
)

test('a message that only repeats the title is no reason', () => {
  for (const why of [content.title, ` ${content.title.toUpperCase()}. `, content.title.replace(' ', '\n')])
    expect(bodyOf({ why })).not.toContain('Why')
  expect(bodyOf({ why: `${content.title} and sent on` })).toContain('**Why:** SQL built')
})

test('an address that would end early stays one address', () => {
  const helpUrl = 'https://example.com/a> @everyone <b'
  expect(bodyOf({ helpUrl })).toContain('<https://example.com/a%3E%20@everyone%20%3Cb>')
})

test('a path with back-ticks stays one piece of code', () => {
  expect(bodyOf({ path: 'a`b.js' })).toContain('``a`b.js:15``')
})

test('what is not known is left out', () => {
  const body = bodyOf({ path: null, line: null, why: '  ', helpUrl: null })
  expect(body).not.toMatch(/Where|Why|About this rule/)
})

test.each([
  ['pull_request_thread', /Reply here.*Resolve this thread or tick its task/],
  // A comment on a commit cannot be resolved.
  ['commit_comment', /Reply here.*Reply `weir done`; `weir help` tells what else/],
  ['issue', /Comment here.*Resolve this issue/],
] as const)('a %s says how to answer and how to say done', (kind, words) => {
  expect(bodyOf({}, kind)).toMatch(words)
})

test('the address of a rule is no fix, and is not called one', () => {
  expect(bodyOf()).toContain('**About this rule:** <https://example.com/sql>')
  expect(bodyOf()).not.toMatch(/how to fix/i)
})

test('what a person wrote down names no scanner and no rule', () => {
  const body = bodyOf({ isByHand: true, scanner: 'By hand', ruleId: 'by-hand', path: null, line: null, helpUrl: null })
  expect(body).toContain('**Found by:** the security team, by hand')
  expect(body).not.toMatch(/by-hand|rule|null/)
})
