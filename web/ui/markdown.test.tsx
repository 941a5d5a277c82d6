import { MantineProvider } from '@mantine/core'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { Markdown } from './markdown.tsx'

const render = (text: string): string =>
  renderToStaticMarkup(
    <MantineProvider>
      <Markdown text={text} />
    </MantineProvider>,
  )

test.each([
  ['What is a <Foo> token', 'What is a &lt;Foo&gt; token'],
  ['List<String> names', 'List&lt;String&gt; names'],
  ['two <script>alert(1)</script>', 'two &lt;script&gt;alert(1)&lt;/script&gt;'],
  ['<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)&gt;'],
])('%s is read as it was written', (text, shown) => {
  expect(render(text)).toContain(shown)
})

test.each(['<script>alert(1)</script>', '![x](https://stranger.example/x.png)', '[x](javascript:alert(1))'])(
  '%s does nothing',
  (text) => {
    expect(render(text)).not.toMatch(/<script|<img|javascript:/)
  },
)

const many = (text: string, length = 30_000): string => text.repeat(length / text.length)

test.each([
  ['- ', many('- ')],
  ['>', many('>')],
  ['1. ', many('1. ')],
  [']', many(']')],
  ['*_', many('*_')],
  ['~~a', many('~~a')],
  ['2999 brackets', many(']', 2999)],
  ['nineteen levels', many('> ', 38)],
])('text of many %s is shown without a long wait', (_what, text) => {
  const started = performance.now()
  expect(render(`first ${text}\n${text}`)).toContain('first')
  expect(performance.now() - started).toBeLessThan(2000)
})
