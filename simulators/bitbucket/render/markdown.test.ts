import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MarkdownPlace } from './markdown/markdown-place.ts'
import { renderMarkdown } from './markdown.ts'

const place: MarkdownPlace = {
  web: 'http://127.0.0.1:1/meadow-goods/shop',
  findName: (id) => (id === '557058:tomas' ? 'Tomas <Okoye>' : undefined),
  findPullRequest: (id) => (id === 7 ? { title: 'Feature: sort the "search" by price and by name' } : undefined),
  findIssue: (id) => (id < 3 ? { title: 'Slow list', closed: id === 2 } : undefined),
  emoji: 'images',
}

const render = (raw: string) => renderMarkdown(raw, place)
const code = (text: string, more = '') => `<div class="codehilite${more}"><pre><span></span>${text}\n</pre></div>`
const link = (address: string, label: string) =>
  `<a href="${address}" rel="nofollow" class="ap-connect-link">${label}</a>`

/** The shapes of recorded bodies, with words of our own. */
describe('as recorded', () => {
  test.each([
    ['Sort the search\n', '<p>Sort the search</p>'],
    // A list needs an empty line before it, and a line end is no line break.
    ['Change:\n* a file\n* another\n', '<p>Change:\n* a file\n* another</p>'],
    [
      'DONE:\r\n\r\n* It’s new \\(and good\\)\r\n* Old',
      '<p>DONE:</p>\n<ul>\n<li>It’s new (and good)</li>\n<li>Old</li>\n</ul>',
    ],
    ['* Add it\r\n\r\n* [CI] Release', '<ul>\n<li>\n<p>Add it</p>\n</li>\n<li>\n<p>[CI] Release</p>\n</li>\n</ul>'],
    [
      '* Some:\n\n    * a\n    * b\n    \n* More:\n\n    * c\n    \n\n\u200c',
      '<ul>\n<li>\n<p>Some:</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n</li>\n<li>\n<p>More:</p>\n<ul>\n<li>c</li>\n</ul>\n</li>\n</ul>\n<p>\u200c</p>',
    ],
    [
      '| | One |\n|---|---|\n| ⚠️ | Couldn\'t |\n\nBy [Bot](https://bot.example/ "made_by")\n',
      '<table>\n<thead>\n<tr>\n<th></th>\n<th>One</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>⚠️</td>\n<td>Couldn\'t</td>\n</tr>\n</tbody>\n</table>\n<p>By <a data-is-external-link="true" href="https://bot.example/" rel="nofollow" title="made_by">Bot</a></p>',
    ],
    ['See https://a.example/x#!/1', `<p>See ${link('https://a.example/x#!/1', 'https://a.example/x#!/1')}</p>`],
    [
      'Merged in x (pull request #7)\n\nApproved-by: A',
      `<p>Merged in x (${link(`${place.web}/pull-requests/7/feature-sort-the-search-by-price-and-by`, 'pull request #7')})</p>\n<p>Approved-by: A</p>`,
    ],
    [
      '@{557058:tomas} look',
      '<p><span class="ap-mention" data-atlassian-id="557058:tomas">@Tomas &lt;Okoye&gt;</span> look</p>',
    ],
    ['```\n#!python\n\nx = 1\n```\nSo', `${code('x = 1', ' language-python')}\n\n\n<p>So</p>`],
  ])('%j', (raw, html) => {
    expect(render(raw)).toBe(html)
  })
})

test.each([
  ['**b** __b__ *i* _i_ ~~no~~', '<strong>b</strong> <strong>b</strong> <em>i</em> <em>i</em> <del>no</del>'],
  ['***both*** a_b_c 2 * 3 * 4 ~x~', '<strong><em>both</em></strong> a_b_c 2 * 3 * 4 ~x~'],
  ['`a < b` ``a ` b`` `', '<code>a &lt; b</code> <code>a ` b</code> `'],
  ['a  \nb\nc', 'a<br />\nb\nc'],
  ['a & b &nbsp; <b>', 'a &amp; b &amp;nbsp; &lt;b&gt;'],
  ['![a **b**](/x.png "t")', '<img alt="a **b**" src="/x.png" title="t" />'],
  ['[r](docs/a_(b).md) [](x)', '<a data-is-external-link="true" href="docs/a_(b).md" rel="nofollow">r</a> [](x)'],
  [
    '[**b**](<https://a b>) [n](mailto:a@b.example)',
    '[<strong>b</strong>](&lt;' +
      link('https://a', 'https://a') +
      ' b&gt;) <a data-is-external-link="true" href="mailto:a@b.example" rel="nofollow">n</a>',
  ],
  ['(https://a.example/b_(c)).', `(${link('https://a.example/b_(c)', 'https://a.example/b_(c)')}).`],
  [
    '<https://a.example/_a_/*b*?c=1&d=2>',
    link('https://a.example/_a_/*b*?c=1&amp;d=2', 'https://a.example/_a_/*b*?c=1&amp;d=2'),
  ],
  [
    'issue #1, #2, #3',
    `${link(`${place.web}/issues/1/slow-list`, 'issue #1')}, ${link(`${place.web}/issues/2/slow-list`, '<s>#2</s>')}, #3`,
  ],
  [
    'in 0a1b2c3d, 20261120 and defaced',
    `in ${link(`${place.web}/commits/0a1b2c3d`, '0a1b2c3d')}, 20261120 and defaced`,
  ],
  ['0a1b2c3d-1111 a/0a1b2c3d', '0a1b2c3d-1111 a/0a1b2c3d'],
  ['@{nobody} a:b: 10:30:00', '@{nobody} a:b: 10:30:00'],
])('in a line %j', (raw, html) => {
  expect(render(raw)).toBe(`<p>${html}</p>`)
})

test.each([
  ['# One #\n## *Two*\ntext', '<h1>One</h1>\n<h2><em>Two</em></h2>\n<p>text</p>'],
  ['One\n===\n\nTwo\n---\n\n---', '<h1>One</h1>\n<h2>Two</h2>\n<hr />'],
  ['- a\n    - b\n    - c\n- d', '<ul>\n<li>a<ul>\n<li>b</li>\n<li>c</li>\n</ul>\n</li>\n<li>d</li>\n</ul>'],
  ['1. a\n2. b', '<ol>\n<li>a</li>\n<li>b</li>\n</ol>'],
  // Bitbucket has no lists of tasks.
  ['- [ ] a\n- [x] b', '<ul>\n<li>[ ] a</li>\n<li>[x] b</li>\n</ul>'],
  ['> a\n> b\nc\n\nd', '<blockquote>\n<p>a\nb\nc</p>\n</blockquote>\n<p>d</p>'],
  ['> > a', '<blockquote>\n<blockquote>\n<p>a</p>\n</blockquote>\n</blockquote>'],
  ['> ```\n> x\n> ```', `<blockquote>\n${code('x')}\n</blockquote>`],
  ['```TypeScript\nconst a = "<"\n```', code('const a = &quot;&lt;&quot;', ' language-typescript')],
  ['~~~\n```\n~~~', code('```')],
  ['a\n\n    code\n\n    more', `<p>a</p>\n${code('code\n\nmore')}`],
  ['[//]: # (mark)\ntext', '<p>text</p>'],
  [
    '| a | b |\n|:-:|--:|\n| `x|y` | c\\|d |\n| 1 |',
    '<table>\n<thead>\n<tr>\n<th align="center">a</th>\n<th align="right">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td align="center"><code>x|y</code></td>\n<td align="right">c|d</td>\n</tr>\n<tr>\n<td align="center">1</td>\n<td align="right"></td>\n</tr>\n</tbody>\n</table>',
  ],
])('blocks %j', (raw, html) => {
  expect(render(raw)).toBe(html)
})

test('a short name is a picture in the API and a character on pages', () => {
  expect(render(':tada: :nothing_such:')).toMatch(
    /^<p><img data-emoji-short-name=":tada:" src="https:\/\/[^"]+\/1f389\.png" alt="tada" title="tada" class="emoji" \/> :nothing_such:<\/p>$/,
  )
  expect(renderMarkdown(':tada:', { ...place, emoji: 'characters' })).toBe('<p>🎉</p>')
})

const tag =
  /^<(?:\/?(?:p|h[1-6]|ul|ol|li|blockquote|table|thead|tbody|tr|th|td|strong|em|del|s|code|pre|div|span|a|br \/|hr \/|img)(?=[ >]))((?: [a-z-]+="[^"<>]*")*)(?: \/)?>$/
const address = /^(?:https?:\/\/|mailto:|&#109;&#97;&#105;&#108;&#116;&#111;&#58;|[^:]*(?:[/?#]|$))/i

const attributes = ['href', 'src', 'rel', 'class', 'title', 'alt', 'align']
const dataAttributes = ['data-is-external-link', 'data-atlassian-id', 'data-emoji-short-name']

/** Markup the renderer does not know: every `<` begins one of its tags, with its attributes and a harmless address. */
function foreign(html: string): string[] {
  return Array.from(html.matchAll(/<[^>]*>?/g), ([one]) => one).filter((one) => {
    const inside = tag.exec(one)?.[1]
    if (inside === undefined) return true
    return Array.from(inside.matchAll(/ ([a-z-]+)="([^"]*)"/g)).some(([, name = '', value = '']) => {
      const isAddress = name === 'href' || name === 'src'
      return ![...attributes, ...dataAttributes].includes(name) || (isAddress && !address.test(value))
    })
  })
}

const hostile = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](java\tscript:alert(1))',
  '[x](\u0001javascript:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](<javascript:alert(1)>)',
  '[x](data:text/html,<script>)',
  '![x](javascript:alert(1))',
  '![" onerror="alert(1)](x)',
  '[x](https://a"onmouseover="alert(1))',
  '[x](https://a "t"onmouseover="alert(1)")',
  'https://a/"onmouseover="alert(1)',
  '<https://a/"onmouseover="alert(1)>',
  '<javascript:alert(1)>',
  '\uE0000\uE001',
  '\uE000<script>\uE001 `a`',
  '`<script>`',
  '```"><script>\n<script>\n```',
  '```\n#!"><script>\n```',
  '# <script>',
  '- <script>',
  '> <script>',
  '| <script> |\n|---|\n| <script> |',
  '@{557058:tomas"><script>}',
  ':tada"><script>:',
  '\\<script>',
  '[//]: # (x) <script>',
]

test.each(hostile)('%j brings no markup of its own', (raw) => {
  expect(foreign(render(raw))).toEqual([])
})

const signs = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index))
const partners =
  '[]( ![]( [a](b ]( [x](javascript:1 **a *_ _a*b~~ `a``b <a@b http:// @{a :a :tada: ``` @{ } ** ~~ 0a1b2c3'.split(' ')
const lines = [
  '> ',
  '- ',
  '1. ',
  '\n    - ',
  '| a ',
  '|-|\n',
  '```\n',
  '```a\n',
  '---\n',
  'a\n=\n',
  '#1 ',
  '  \n',
  '\n',
  '[a]: b\n',
]
const pieces = [
  ...signs,
  ...partners,
  ...lines,
  '    ',
  ' ',
  '\t',
  '\uE000',
  '\uE001',
  'javascript:',
  'https://a',
  ' on=',
  'script',
]

test('neither does any mixture of signs', () => {
  const part = fc.oneof(fc.constantFrom(...pieces, ...hostile), fc.string({ unit: 'binary', maxLength: 5 }))
  fc.assert(
    fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
      expect(foreign(render(parts.join('')))).toEqual([])
    }),
    { numRuns: 1000 },
  )
})

/** What was quadratic took far longer for this much. */
const generousMs = 5000

test('100 KB of any one sign, and of signs that ask for a partner, are rendered in time', () => {
  for (const piece of [...pieces, ...signs.map((sign) => `${sign} a`)]) {
    const raw = piece.repeat(Math.ceil(100_000 / piece.length))
    const start = performance.now()
    render(raw)
    expect(performance.now() - start, JSON.stringify(piece)).toBeLessThan(generousMs)
  }
}, 120_000)
