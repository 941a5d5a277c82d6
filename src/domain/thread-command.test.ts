import { expect, test } from 'vitest'
import { composeMessage } from './message-text.ts'
import { commandHelp, parseThreadCommand } from './thread-command.ts'

test.each([
  ['weir done', ''],
  ['Weir Done.', ''],
  ['\n\n  @weir done!', ''],
  ['weir: done', ''],
  ['weir, done: fixed in 4f2a', 'fixed in 4f2a'],
  ['weir done in 4f2a', 'in 4f2a'],
  ['weir done\r\n\r\nSee the test.', 'See the test.'],
  ['weir done - the input is bound now', 'the input is bound now'],
])('%j says that it is done', (body, rest) => {
  expect(parseThreadCommand(body)).toEqual({ kind: 'done', rest })
})

test.each([
  ['weir false positive: it is a test', 'false_positive', 'it is a test'],
  ['WEIR FALSE-POSITIVE it is a test', 'false_positive', 'it is a test'],
  ['weir accept: nobody\nreaches it', 'risk_accepted', 'nobody\nreaches it'],
  ['weir accept:nobody reaches it', 'risk_accepted', 'nobody reaches it'],
  ['@Weir accept', 'risk_accepted', ''],
  ['weir accept:', 'risk_accepted', ''],
])('%j asks for a decision', (body, to, why) => {
  expect(parseThreadCommand(body)).toMatchObject({ kind: 'ask', decision: { to }, why })
})

test.each(['weir help', 'Weir, help!', '@weir help me'])('%j asks for help', (body) => {
  expect(parseThreadCommand(body)).toEqual({ kind: 'help' })
})

test.each([
  '',
  'Is it done?',
  'weir done?',
  'weird done',
  'weir',
  'weir is wrong here',
  'weir accepts nothing',
  'weir done-ish',
  'weirdone',
  'Say `weir done` when it is.',
  '> weir done',
  '`weir done`',
  '```\nweir done\n```',
  '    weir done',
  '\n\tweir done',
  'Not yet.\nweir done',
])('%j is no command', (body) => {
  expect(parseThreadCommand(body)).toBeUndefined()
})

test('the marker and the line about the author are no reason', () => {
  const marker = { instance: '0123456789ab', kind: 'message', id: '018f0000-0000-7000-8000-000000000001' } as const
  const sent = composeMessage({ body: 'weir accept: dead code', authorName: 'Carla Champion', marker })
  expect(parseThreadCommand(sent)).toMatchObject({ kind: 'ask', why: 'dead code' })
})

test('the answer to a call for help is no command itself', () => {
  expect(parseThreadCommand(commandHelp)).toBeUndefined()
})
