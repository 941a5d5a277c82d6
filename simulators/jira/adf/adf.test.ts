import { expect, test } from 'vitest'
import { defaultSwitches } from '../switches.ts'
import { checkDocument } from './check-document.ts'
import { documentToText } from './document-to-text.ts'
import { textToDocument } from './text-to-document.ts'

function doc(...content: unknown[]): unknown {
  return { type: 'doc', version: 1, content }
}

function paragraph(...content: unknown[]): unknown {
  return { type: 'paragraph', content }
}

function text(value: string, ...marks: unknown[]): unknown {
  return { type: 'text', text: value, ...(marks.length === 0 ? {} : { marks }) }
}

const link = { type: 'link', attrs: { href: 'https://example.com' } }

test.each([
  ['marks and links', doc(paragraph(text('a', { type: 'strong' }), text('b', link)))],
  ['an empty paragraph', doc({ type: 'paragraph' })],
  ['a list', doc({ type: 'bulletList', content: [{ type: 'listItem', content: [paragraph(text('a'))] }] })],
  ['code', doc({ type: 'codeBlock', attrs: { language: 'js' }, content: [text('x = 1')] })],
  ['a heading', doc({ type: 'heading', attrs: { level: 2 }, content: [text('a')] })],
  [
    'a table',
    doc({
      type: 'table',
      content: [{ type: 'tableRow', content: [{ type: 'tableCell', content: [paragraph(text('a'))] }] }],
    }),
  ],
  ['a mention', doc(paragraph({ type: 'mention', attrs: { id: '1', text: '@Ada' } }, { type: 'hardBreak' }))],
  ['nothing', doc()],
])('%s is a document', (_what, value) => {
  expect(checkDocument(value, defaultSwitches())).toEqual({ kind: 'good', document: value })
})

test.each([
  ['a text', 'text'],
  ['null', null],
  ['another version', { type: 'doc', version: 2, content: [] }],
  ['no content', { type: 'doc', version: 1 }],
  ['text outside a paragraph', doc(text('a'))],
  ['a paragraph in a paragraph', doc(paragraph({ type: 'paragraph' }))],
  ['an unknown mark', doc(paragraph(text('a', { type: 'blink' })))],
  ['a link without an address', doc(paragraph(text('a', { type: 'link' })))],
  ['a heading without a level', doc({ type: 'heading', content: [text('a')] })],
  ['a text that is a number', doc(paragraph({ type: 'text', text: 1 }))],
])('%s is none', (_what, value) => {
  expect(checkDocument(value, defaultSwitches()).kind).toBe('not_a_document')
})

test('nesting has an end', () => {
  let node: unknown = paragraph(text('a'))
  for (let depth = 0; depth < 100; depth += 1) node = { type: 'blockquote', content: [node] }
  expect(checkDocument(doc(node), defaultSwitches()).kind).toBe('not_a_document')
})

test('a document says what its text says', () => {
  const value = doc(
    { type: 'heading', attrs: { level: 1 }, content: [text('Title')] },
    paragraph(text('one'), { type: 'hardBreak' }, text('two', link)),
    { type: 'bulletList', content: ['a', 'b'].map((one) => ({ type: 'listItem', content: [paragraph(text(one))] })) },
    { type: 'codeBlock', content: [text('x = 1')] },
  )
  expect(documentToText(value)).toBe('h1. Title\n\none\ntwo\n\n* a\n* b\n\n{code}\nx = 1\n{code}')
})

test.each(['one', 'one\n\ntwo', 'one\nstill one\n\ntwo'])('what a person types comes back: %j', (typed) => {
  const document = textToDocument(typed)
  expect(checkDocument(document, defaultSwitches()).kind).toBe('good')
  expect(documentToText(document)).toBe(typed)
})
