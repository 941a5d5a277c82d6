import { describe, expect, test } from 'vitest'
import { html } from './html.ts'

describe('the html tag', () => {
  test('escapes every text that is put in, also for attributes', () => {
    const made = html`<a title="${`"><script>'&`}">${'<b>'}</a>`
    expect(made.markup).toBe('<a title="&quot;&gt;&lt;script&gt;&#39;&amp;">&lt;b&gt;</a>')
  })

  test('keeps markup made by itself, joins lists and leaves out what is absent', () => {
    const made = html`<ul>${[1, 2].map((one) => html`<li>${one}</li>`)}${null}${undefined}${false}</ul>`
    expect(made.markup).toBe('<ul><li>1</li><li>2</li></ul>')
  })
})
