import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  composeMessage,
  defuse,
  escapeMarkdown,
  hashMessage,
  type Marker,
  markerKey,
  markerLine,
  parseMarker,
  readMessage,
  setMarker,
} from './message-text.ts'

const marker: Marker = { instance: '0123456789ab', kind: 'message', id: '018f0000-0000-7000-8000-000000000001' }

test('a message goes out with its author and a hidden marker', () => {
  expect(composeMessage({ body: 'Look at line 15.', authorName: 'Carla Champion', marker })).toBe(
    'Look at line 15.\n\n*Carla Champion via Weir*\n\n[weir]: #0123456789ab-m-018f0000-0000-7000-8000-000000000001\n',
  )
})

test('what Weir says itself has no author line', () => {
  expect(composeMessage({ body: 'Fixed.', authorName: null, marker })).not.toContain('via Weir')
})

test('whatever people write comes back as they wrote it, and its marker is found', () => {
  const words = fc
    .string({ minLength: 1, maxLength: 200 })
    .filter((text) => !/[\r`~]|\[weir\]/.test(text) && text.trim() !== '')
  fc.assert(
    fc.property(words, fc.string({ maxLength: 40 }), (body, authorName) => {
      const sent = composeMessage({ body, authorName, marker })
      expect(parseMarker(sent)).toEqual(marker)
      expect(readMessage(sent)).toBe(body.trim())
      expect(hashMessage(sent.replaceAll('\n', '\r\n'))).toBe(hashMessage(sent))
    }),
  )
})

test.each([
  ['```js\nopen', '```js\nopen\n```'],
  ['~~~\nopen', '~~~\nopen\n~~~'],
  ['```\nclosed\n```', '```\nclosed\n```'],
  ['````\n```\ninside', '````\n```\ninside\n````'],
  ['no fence', 'no fence'],
])('an open code fence is closed, so that it does not swallow the marker: %j', (body, expected) => {
  expect(composeMessage({ body, authorName: null, marker })).toBe(`${expected}\n\n${markerLine(marker)}\n`)
})

test('a name cannot become markup', () => {
  expect(composeMessage({ body: 'Hi', authorName: '*x*\n[a](b)', marker })).toContain(
    String.raw`*\*x\* \[a\]` + '\u200B(b) via Weir*',
  )
})

test.each([
  '@tomas',
  'mail @{0a0b0c0d-0000-4000-8000-000000000001} now',
  'see #12 and issue #4',
  'https://evil.example/x',
  'www.evil.example',
  '![pixel](https://evil.example/p.png)',
  '[click](javascript:alert(1))',
  '[click][weir]',
  '<https://evil.example>',
  '<img src=x onerror=alert(1)>',
  '</p><!-- hidden',
  '&#64;tomas &lt;b&gt;',
  'somebody@evil.example',
])('machine text keeps its letters and loses its triggers: %s', (hostile) => {
  for (const written of [defuse(hostile), escapeMarkdown(hostile)]) {
    expect(written).not.toMatch(/@[\w{]|#\d|:\/\/|\]\(|\]\[|<[a-z/!]|&#?\w+;|www\./i)
    expect(written.replaceAll('\u200B', '').replace(/\\(?=[\\`*_{}[\]#>!])/g, '')).toBe(hostile)
  }
})

test('plain words are left as they are', () => {
  const plain = 'SQL built from C# input: 3 < 4 & "x" at 10:30, see a/b.c'
  expect(defuse(plain)).toBe(plain)
})

test.each([
  ['no marker', undefined],
  ['[weir]: #zz-018f0000-0000-7000-8000-00000000000', undefined],
  ['text [weir]: #0123456789ab-018f0000-0000-7000-8000-000000000001', undefined],
  [
    'text\n\n[weir]: #0123456789ab-018f0000-0000-7000-8000-000000000001',
    { instance: '0123456789ab', kind: 'defect', id: '018f0000-0000-7000-8000-000000000001' },
  ],
])('the marker of %j', (text, expected) => {
  expect(parseMarker(text)).toEqual(expected)
})

test("a person's own line that ends like ours stays when there is no marker", () => {
  expect(readMessage('Done\n\n*me via Weir*')).toBe('Done\n\n*me via Weir*')
})

test('the key is part of the line, so a search for it finds the line', () => {
  expect(markerLine(marker)).toContain(markerKey(marker))
})

test('a marker pasted into a message is text: the last one is ours', () => {
  const other = markerLine({ ...marker, id: '018f0000-0000-7000-8000-00000000beef' })
  const body = `As you said:\n\n${other}\n\nI agree.`
  const sent = composeMessage({ body, authorName: 'Carla Champion', marker })
  expect(parseMarker(sent)).toEqual(marker)
  expect(readMessage(sent)).toBe(body)
})

test('an attribution alone, or on many empty lines, is ours and goes', () => {
  const line = markerLine(marker)
  expect(readMessage(`\n\n*Carla Champion via Weir*\n\n${line}`)).toBe('')
  expect(readMessage(`Done\n\n\n\n*Carla Champion via Weir*  \n\n\n${line}\n`)).toBe('Done')
  expect(readMessage(`Done\n*Carla Champion via Weir* she said\n\n${line}`)).toBe(
    'Done\n*Carla Champion via Weir* she said',
  )
})

test.each([
  '\n',
  '\r\n',
  ' ',
  '\n*',
  '\n* via Weir*',
  ' via Weir* ',
  '\n[weir]: #',
  '[weir]:',
  '\n[weir]: #a-m-',
  '0123456789abcdef',
  '&a',
  '&',
  '#1',
  'www',
  '](',
])('a remote body of 128,000 times %j is read in no time', (piece) => {
  for (const before of ['a', '*', '[weir]:', '[weir]: #']) {
    const text = `${before}${piece.repeat(128_000)}b\n\n${markerLine(marker)}`
    const start = performance.now()
    hashMessage(text)
    parseMarker(text)
    expect(performance.now() - start).toBeLessThan(1500)
  }
})

test('a body of 128,000 line breaks is read well within a second', () => {
  const text = `a${'\n'.repeat(128_000)}b\n\n${markerLine(marker)}`
  const start = performance.now()
  readMessage(text)
  expect(performance.now() - start).toBeLessThan(1000)
})

test.each(['`', '~', '```\u2028', ' ', '&', '\\', '<'])('128,000 times %j goes out in no time', (piece) => {
  const start = performance.now()
  composeMessage({ body: `a\n${piece.repeat(128_000)}\u2028b`, authorName: piece.repeat(1000), marker })
  defuse(piece.repeat(128_000))
  expect(performance.now() - start).toBeLessThan(1500)
})

test('a text of people is marked once, below a block of code they left open too, and is theirs again without the mark', () => {
  const other = { ...marker, kind: 'defect' as const, id: '018f0000-0000-7000-8000-000000000002' }
  const marked = setMarker('It leaks.\r\n\r\nSee the log.', other)
  expect(parseMarker(marked)).toEqual(other)
  expect(setMarker(marked, other)).toBe(marked)
  expect(setMarker(marked, null)).toBe('It leaks.\n\nSee the log.')
  expect(setMarker(marked, marker).match(/\[weir\]/g)).toHaveLength(1)
  expect(setMarker('', other)).toBe(`${markerLine(other)}\n`)
  expect(setMarker('```\ncode', other)).toBe(`\`\`\`\ncode\n\`\`\`\n\n${markerLine(other)}\n`)
  expect(setMarker(`${marked}\nAdded below.`, null)).toBe('It leaks.\n\nSee the log.\n\nAdded below.')
})
