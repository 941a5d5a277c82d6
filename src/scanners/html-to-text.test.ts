import { expect, test } from 'vitest'
import { htmlToText } from './html-to-text.ts'

test.each([
  ['<p>One.</p><p>Two &amp; three&#33;</p>', 'One.\n\nTwo & three!'],
  ['First<br/>second', 'First\nsecond'],
  ['<ul><li>a</li>\n<li>b</li></ul>', '- a\n\n- b'],
  ['See <a href="https://example.com/a?b&amp;c">the page</a>.', 'See the page (https://example.com/a?b&c).'],
  ['<a href="https://example.com">https://example.com</a>', 'https://example.com'],
  ['a < b, <form action="x"> and &lt;script&gt; stay', 'a < b, <form action="x"> and <script> stay'],
  ['<p unclosed', '<p unclosed'],
  ['&unknown; &#0; &#99999999;', '&unknown; &#0; &#99999999;'],
  ['plain\n\n\n\ntext', 'plain\n\ntext'],
])('%s', (html, text) => {
  expect(htmlToText(html)).toBe(text)
})

test('takes time in proportion to the text, whatever it is', () => {
  for (const piece of ['<a ', '<', '<p>', '&', '<a href=', '<a href="https://x"></a>'])
    expect(htmlToText(piece.repeat(200_000)).length).toBeLessThan(10_000_000)
})
