import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MarkdownPlace } from '../../simulators/bitbucket/render/markdown/markdown-place.ts'
import { renderMarkdown } from '../../simulators/bitbucket/render/markdown.ts'
import { fromBitbucketText, toBitbucketText } from './bitbucket-text.ts'

/** A repository where every number is a pull request and an issue, and every account somebody. */
const place: MarkdownPlace = {
  web: 'http://127.0.0.1:1/meadow/shop',
  findName: (id) => `Somebody ${id}`,
  findPullRequest: () => ({ title: 'A change' }),
  findIssue: () => ({ title: 'An issue', closed: false }),
  emoji: 'characters',
}
const fires = (raw: string) => /ap-mention|\/pull-requests\/|\/issues\/|\/commits\//.test(renderMarkdown(raw, place))
const key = /\b[A-Z][A-Z0-9_]+-\d+\b/

describe('a text that goes to Bitbucket', () => {
  test.each([
    'See #12',
    'pull request #7 and issue #3',
    'since 3f2a9bc1',
    '**3f2a9bc1**`x`',
    'a ` b 3f2a9bc1 and ``c',
    '<b>#12</b>',
    '[#12](https://example.com/a)',
    '| a |\n| - |\n| #12 |',
    '> quoted 3f2a9bc1 of #4',
  ])('fires without, and not with being defused: %j', (text) => {
    expect(fires(text)).toBe(true)
    expect(fires(toBitbucketText(text))).toBe(false)
    expect(fromBitbucketText(toBitbucketText(text))).toBe(text)
  })

  test('keeps what was meant: addresses, code, and people we know', () => {
    for (const text of [
      'https://example.com/a/3f2a9bc1?x=SHOP-12#12',
      '`#12 3f2a9bc1 SHOP-12`',
      '```\nx = 3f2a9bc1 #12\n```',
      'CVE-2021-44228, CWE-79, SHA-256 and UTF-8',
      'mail tomas@example.com',
    ])
      expect(toBitbucketText(text)).toBe(text)
    const named = new Map([['712020:0c0ffee0', 'Tomas']])
    expect(toBitbucketText('@{712020:0c0ffee0} look', named)).toBe('@{712020:0c0ffee0} look')
    expect(toBitbucketText('@{712020:other} look', named)).toBe('@\u200B{712020:other} look')
  })

  test('shows keys and hashes so that they can be copied whole', () => {
    const uuid = '3f2a9bc1-0000-4000-8000-1c2d3e4f5a6b'
    const html = renderMarkdown(toBitbucketText(`SHOP-12 came with 3f2a9bc1 and ${uuid}`), place)
    expect(html).toContain(`<code>${uuid}</code>`)
    expect(html).toContain('<code>SHOP-12</code>')
    expect(html).toContain('<code>3f2a9bc1</code>')
  })

  const signs = [
    '#12',
    '@tomas',
    '@{712020:abc',
    '@{712020:0c0ffee0}',
    '@{}',
    'SHOP-12',
    '3f2a9bc1',
    'deadbeef1',
    'pull request #4',
    '**',
    '_',
    '~~',
    '[a](https://example.com/#12)',
    '[#3](https://example.com)',
    'https://example.com/x#12',
    'www.example.com/3f2a9bc1',
    'a@b.example',
    '<i>',
    '&amp;',
    '\\',
    '|',
    '(',
    ')',
    'word',
    '🙂',
    '\n',
    '\n\n',
  ]
  /** Where Bitbucket's dialect sees other blocks and code than Markdown does, code of the one may be text of the other. */
  const blocks = ['`code #1`', '`', '``', '\n> ', '\n- ', '\n# ']
  const textsOf = (words: readonly string[], between: readonly string[]) =>
    fc.array(fc.tuple(fc.constantFrom(...words), fc.constantFrom(...between))).map((all) => all.flat().join(''))

  test('comes back as it was said, whatever it was', () => {
    const any = fc
      .oneof(textsOf([...signs, ...blocks], ['', ' ', ', ']), fc.string({ unit: 'binary', maxLength: 200 }))
      .filter((text) => !text.includes('\u200B'))
    fc.assert(
      fc.property(any, (text) => {
        expect(fromBitbucketText(toBitbucketText(text))).toBe(text)
      }),
    )
  })

  test('calls nobody and links to no number, whatever it was', () => {
    fc.assert(
      fc.property(textsOf(signs, [' ', ', ']), (text) => {
        const html = renderMarkdown(toBitbucketText(text), place)
        expect(html).not.toMatch(/ap-mention|\/pull-requests\/|\/issues\//)
      }),
    )
  })

  test('shows no key outside of code and addresses', () => {
    const plain = fc
      .array(fc.constantFrom('SHOP-12', 'word', 'A_B-3', '`', '**x**', '(', '3f2a9bc1'))
      .map((all) => all.join(' '))
    fc.assert(
      fc.property(plain, (text) => {
        const outside = renderMarkdown(toBitbucketText(text), place).replace(/<code>[^<]*<\/code>/g, '')
        expect(outside).not.toMatch(key)
      }),
    )
  })
})
