import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { composeMessage, type Marker, parseMarker, readMessage } from '../../domain/message-text.ts'
import type { AdfNode } from './adf/adf-document.ts'
import { fromCommentDocument, toCommentDocument } from './comment-document.ts'

const marker: Marker = { instance: '0123456789ab', kind: 'message', id: '018f0000-0000-7000-8000-000000000001' }
const there = (body: string, answersTo?: string) =>
  toCommentDocument(composeMessage({ body, authorName: 'Carla', marker }), { answersTo })
const textOf = (node: AdfNode): string => (node.text ?? '') + (node.content ?? []).map(textOf).join('')

describe('a message as a comment of Jira', () => {
  test('shows who wrote it and whom it answers, but no marker', () => {
    const { content } = there('See **this** and [weir]', 'Tomas Okoye')
    expect(content.map(textOf)).toEqual(['In answer to Tomas Okoye:', 'See this and [weir]', 'Carla via Weir'])
  })

  test.each([
    ['a text', 'One\n\nTwo'],
    ['code and a list', '```js\nx = 1\n```\n\n- a\n- b'],
    ['a table with HTML in it', '| a |\n| - |\n| <b>x</b> |'],
    ['nothing', ''],
  ])('comes back as it was said: %s', (_, body) => {
    const plain = readMessage(fromCommentDocument(there(body).content, marker))
    expect(readMessage(fromCommentDocument(there(body, 'Tomas Okoye').content, marker))).toBe(plain)
    expect(readMessage(fromCommentDocument(there(plain).content, marker))).toBe(plain)
    expect(plain).not.toContain('Said otherwise')
    expect(parseMarker(fromCommentDocument(there(body).content, marker))).toEqual(marker)
  })

  test('says below it what could not be carried', () => {
    const { content } = there('![logo](https://weir.example/l.png)')
    expect(content.map(textOf)).toEqual([
      'logo',
      'Said otherwise in Weir: images, which stand there as links.',
      'Carla via Weir',
    ])
  })

  test('failure 35: is cut where Jira takes no more, keeps its author, and says that there is more', () => {
    const { content } = there(`begins ${'word '.repeat(20_000)}`)
    expect(JSON.stringify(content).length).toBeLessThan(32_767)
    const texts = content.map(textOf)
    expect(texts[0]).toMatch(/^begins word/)
    expect(texts.at(-2)).toContain('too long for Jira')
    expect(texts.at(-1)).toBe('Carla via Weir')
  })
})

describe('a comment of somebody in Jira', () => {
  test('is read as Markdown, and what that has no words for is named', () => {
    const content: AdfNode[] = [
      { type: 'paragraph', content: [{ type: 'text', text: 'Look', marks: [{ type: 'strong' }] }] },
      { type: 'mediaSingle', content: [{ type: 'media', attrs: { alt: 'shot.png' } }] },
    ]
    expect(fromCommentDocument(content, undefined)).toBe('**Look**\n\n\\[shot.png]')
  })

  test('keeps lines that only look like ours', () => {
    const content: AdfNode[] = [{ type: 'paragraph', content: [{ type: 'text', text: 'In answer to all: no.' }] }]
    expect(fromCommentDocument(content, undefined)).toBe('In answer to all: no.')
  })

  test('holds nothing a database refuses', () => {
    const content: AdfNode[] = [{ type: 'paragraph', content: [{ type: 'text', text: 'a\0b\uD800' }] }]
    expect(fromCommentDocument(content, undefined)).toBe('ab\uFFFD')
  })
})

describe('mentions', () => {
  const named = new Map([['712020:0c0ffee0', 'Tomas Okoye']])
  const written = (body: string) =>
    toCommentDocument(composeMessage({ body, authorName: 'Carla', marker }), { named }).content
  const typesOf = (node: AdfNode): string[] => [node.type, ...(node.content ?? []).flatMap(typesOf)]

  test('of known accounts are nodes, and come back as they were said; others are text', () => {
    const content = written('**@{712020:0c0ffee0}**, see @{712020:other} and `@{712020:0c0ffee0}`')
    expect(content[0]?.content?.filter(({ type }) => type === 'mention')).toEqual([
      { type: 'mention', attrs: { id: '712020:0c0ffee0', text: '@Tomas Okoye' } },
    ])
    expect(readMessage(fromCommentDocument(content, marker))).toContain('@{712020:0c0ffee0}')
    expect(readMessage(fromCommentDocument(content, marker))).toContain('see @{712020:other} and')
  })

  test('are made of nothing else, and nothing links by itself but addresses, whatever was written', () => {
    const words = fc.constantFrom(
      '#12',
      '@tomas',
      '@all',
      '@{712020:x',
      '[~accountid:5b1]',
      'SHOP-12',
      '3f2a9bc1',
      '**',
      '`',
      '\n',
    )
    fc.assert(
      fc.property(fc.array(words), (all) => {
        const content = written(all.join(' '))
        expect(content.flatMap(typesOf)).not.toContain('mention')
        expect(content.flatMap(typesOf)).not.toContain('inlineCard')
        expect(JSON.stringify(content)).not.toContain('"link"')
      }),
    )
  })
})
