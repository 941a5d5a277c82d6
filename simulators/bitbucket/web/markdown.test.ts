import { expect, test } from 'vitest'
import { markdown } from './markdown.ts'

test.each([
  ['<script>alert(1)</script>', '<script'],
  ['<img src=x onerror=alert(1)>', '<img'],
  ['[x](javascript:alert(1))', 'href="javascript'],
  ['[x](https://a"onmouseover="alert(1))', '"onmouseover'],
  ['https://a/"><script>alert(1)</script>', '<script'],
  ['<https://a/"onmouseover="alert(1)>', '"onmouseover'],
  ['<javascript:alert(1)>', '<javascript'],
  ['`<script>`', '<script'],
  ['```\n<script>\n```', '<script'],
  ['# <script>', '<script'],
  ['- <script>', '<script'],
  ['> <script>', '<script'],
])('Markdown %j brings no markup of its own', (raw, forbidden) => {
  expect(markdown(raw).markup).not.toContain(forbidden)
})

test('an address in angle brackets is a link, whatever signs are in it', () => {
  const url = 'https://example.com/_a_/*b*?c=1&d=2'
  const shown = url.replace('&', '&amp;')
  expect(markdown(`See <${url}>.`).markup).toContain(`See <a href="${shown}" rel="nofollow">${shown}</a>.`)
})
