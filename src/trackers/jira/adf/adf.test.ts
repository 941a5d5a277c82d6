import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AdfNode } from './adf-document.ts'
import { fromAdf } from './from-adf.ts'
import { toAdf } from './to-adf.ts'

const text = (value: string, ...marks: string[]): AdfNode =>
  marks.length === 0
    ? { type: 'text', text: value }
    : { type: 'text', text: value, marks: marks.map((type) => ({ type })) }
const paragraph = (...content: AdfNode[]): AdfNode => ({ type: 'paragraph', content })
const item = (...content: AdfNode[]): AdfNode => ({ type: 'listItem', content })
const linked = (value: string, href: string): AdfNode => ({
  type: 'text',
  text: value,
  marks: [{ type: 'link', attrs: { href } }],
})

describe('failure 37: what both sides have words for goes there and back unchanged', () => {
  test.each<[string, string, AdfNode[]]>([
    ['text', 'Plain text.', [paragraph(text('Plain text.'))]],
    [
      'emphasis',
      'A **strong** and *mild* ~~word~~',
      [
        paragraph(
          text('A '),
          text('strong', 'strong'),
          text(' and '),
          text('mild', 'em'),
          text(' '),
          text('word', 'strike'),
        ),
      ],
    ],
    ['marks in marks', '*__both__ one*', [paragraph(text('both', 'em', 'strong'), text(' one', 'em'))]],
    ['code', 'Call `a ** b` now', [paragraph(text('Call '), text('a ** b', 'code'), text(' now'))]],
    ['back-ticks in code', '``a ` b``', [paragraph(text('a ` b', 'code'))]],
    ['a link', '[docs](https://weir.example/a)', [paragraph(linked('docs', 'https://weir.example/a'))]],
    ['a heading', '### Impact', [{ type: 'heading', attrs: { level: 3 }, content: [text('Impact')] }]],
    [
      'a list in a list',
      '- one\n  - two\n- three',
      [
        {
          type: 'bulletList',
          content: [
            item(paragraph(text('one')), { type: 'bulletList', content: [item(paragraph(text('two')))] }),
            item(paragraph(text('three'))),
          ],
        },
      ],
    ],
    [
      'a numbered list that begins later',
      '3. three\n4. four',
      [
        {
          type: 'orderedList',
          attrs: { order: 3 },
          content: [item(paragraph(text('three'))), item(paragraph(text('four')))],
        },
      ],
    ],
    [
      'tasks',
      '- [x] done\n- [ ] to do',
      [
        {
          type: 'taskList',
          attrs: { localId: 'list' },
          content: [
            { type: 'taskItem', attrs: { localId: '1', state: 'DONE' }, content: [text('done')] },
            { type: 'taskItem', attrs: { localId: '2', state: 'TODO' }, content: [text('to do')] },
          ],
        },
      ],
    ],
    [
      'a block of code',
      '```sql\nselect 1 -- *\n```',
      [{ type: 'codeBlock', attrs: { language: 'sql' }, content: [text('select 1 -- *')] }],
    ],
    ['a quote', '> said', [{ type: 'blockquote', content: [paragraph(text('said'))] }]],
    ['a line', '---', [{ type: 'rule' }]],
    ['a break', 'one\\\ntwo', [paragraph(text('one'), { type: 'hardBreak' }, text('two'))]],
    [
      'a table',
      '| a | b |\n| - | - |\n| 1 | 2 |',
      [
        {
          type: 'table',
          content: [
            {
              type: 'tableRow',
              content: [
                { type: 'tableHeader', content: [paragraph(text('a'))] },
                { type: 'tableHeader', content: [paragraph(text('b'))] },
              ],
            },
            {
              type: 'tableRow',
              content: [
                { type: 'tableCell', content: [paragraph(text('1'))] },
                { type: 'tableCell', content: [paragraph(text('2'))] },
              ],
            },
          ],
        },
      ],
    ],
  ])('%s', (_, markdown, content) => {
    expect(toAdf(markdown)).toEqual({ document: { type: 'doc', version: 1, content }, lost: [] })
    expect(fromAdf({ content })).toEqual({ markdown, lost: [] })
  })
})

describe('what a Jira document has no place for', () => {
  test.each<[string, string, string, string]>([
    ['HTML', 'a <b>c</b>', 'HTML, which stands there as text', 'a \\<b>c\\</b>'],
    [
      'an image',
      '![logo](https://weir.example/l.png)',
      'images, which stand there as links',
      '[logo](https://weir.example/l.png)',
    ],
    ['a script', '[click](javascript:alert(1))', 'links that are no web or mail address', 'click'],
    ['a heading in a list', '- # big', 'a heading inside a list', '- big'],
    ['a quote in a list', '- > said', 'a quote inside a list', '- said'],
  ])('%s is said, and its text stays', (_, markdown, lost, back) => {
    const result = toAdf(markdown)
    expect(result.lost).toEqual([lost])
    expect(fromAdf(result.document).markdown).toBe(back)
  })
})

describe('what Markdown has no words for', () => {
  test.each<[string, AdfNode, string, string[]]>([
    ['a mention', paragraph({ type: 'mention', attrs: { id: '5b1', text: '@Mara Lind' } }), '@{5b1}', []],
    ['a status', paragraph({ type: 'status', attrs: { text: 'In review' } }), 'IN REVIEW', []],
    ['a date', paragraph({ type: 'date', attrs: { timestamp: '1793577600000' } }), '2026-11-02', []],
    [
      'a card',
      paragraph({ type: 'inlineCard', attrs: { url: 'https://weir.example/1' } }),
      '<https://weir.example/1>',
      [],
    ],
    [
      'a panel',
      { type: 'panel', attrs: { panelType: 'info' }, content: [paragraph(text('mind'))] },
      '> mind',
      ['the colour of panels'],
    ],
    ['an underline', paragraph(text('under', 'underline')), 'under', ['underlines, colours and the like']],
    ['a macro', { type: 'bodiedExtension', content: [paragraph(text('held'))] }, 'held', ['“bodiedExtension” of Jira']],
    ['a file', { type: 'mediaSingle', content: [{ type: 'media', attrs: { alt: 'shot.png' } }] }, '\\[shot.png]', []],
  ])('%s', (_, node, markdown, lost) => {
    expect(fromAdf({ content: [node] })).toEqual({ markdown, lost })
  })
})

const marks = fc.uniqueArray(fc.constantFrom('strong', 'em', 'strike'), { maxLength: 3 })
const words = fc
  .array(
    fc.constantFrom('alpha', 'be*ta', '_c_', '`', '#1', '<x>', '1.', '- d', '&amp;', '|', '~~e', '[f](g)', 'é', '\\'),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((some) => some.join(' '))
const inline = fc.oneof(
  fc.tuple(words, marks).map(([value, some]) => text(value, ...some)),
  words.map((value) => text(value, 'code')),
  fc.constant<AdfNode>({ type: 'hardBreak' }),
)
const lines = fc
  .array(inline, { minLength: 1, maxLength: 5 })
  .map((content) => paragraph(text('Begins'), ...content, text('ends')))
const block = fc.oneof(
  lines,
  lines.map((one): AdfNode => ({ type: 'blockquote', content: [one] })),
  fc
    .array(lines, { minLength: 1, maxLength: 3 })
    .map((some): AdfNode => ({ type: 'bulletList', content: some.map((one) => item(one)) })),
)

function textOf(node: AdfNode): string {
  return (node.text ?? '') + (node.content ?? []).map(textOf).join(node.type === 'paragraph' ? '' : '\n')
}
const bare = (value: string) => value.replace(/\s+/g, '')

test('a backslash before a letter that Markdown has to write by its number stays a backslash', () => {
  const strong: AdfNode = { type: 'text', text: 'alpha', marks: [{ type: 'strong' }, { type: 'strike' }] }
  const texts = ['Begins', '\\', 'é'].map((one): AdfNode => ({ type: 'text', text: one }))
  const content: AdfNode[] = [{ type: 'paragraph', content: [...texts, strong, { type: 'text', text: 'ends' }] }]
  const { document } = toAdf(fromAdf({ content }).markdown)
  expect(bare(textOf({ type: 'doc', content: document.content }))).toBe('Begins\\éalphaends')
})

test('no text is lost on the way from Jira and back, whatever signs it is made of', () => {
  fc.assert(
    fc.property(fc.array(block, { minLength: 1, maxLength: 4 }), (content) => {
      const { document } = toAdf(fromAdf({ content }).markdown)
      expect(bare(textOf({ type: 'doc', content: document.content }))).toBe(bare(textOf({ type: 'doc', content })))
    }),
    { numRuns: 300 },
  )
})

test('once there, a text goes back and forth without changing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (markdown) => {
      const there = toAdf(markdown).document
      const again = toAdf(fromAdf(there).markdown).document
      const third = toAdf(fromAdf(again).markdown).document
      expect(third).toEqual(again)
    }),
    { numRuns: 300 },
  )
})
