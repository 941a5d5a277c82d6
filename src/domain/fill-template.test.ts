import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fillTemplate, joinTemplateText } from './fill-template.ts'

const values = { asset: 'Storefront', branch: 'release/2' }

describe('a template', () => {
  it.each([
    ['{{asset}} on {{branch}}', 'Storefront on release/2'],
    ['{{ asset }}{{asset}}', 'StorefrontStorefront'],
    ['{{owner}} and {asset}', '{{owner}} and {asset}'],
    ['', ''],
  ])('%j reads %j once it is filled', (text, filled) => {
    expect(fillTemplate(text, values)).toBe(filled)
  })

  it('is filled once: what a name holds is text', () => {
    expect(fillTemplate('{{asset}}', { asset: '{{branch}} $& $1', branch: 'main' })).toBe('{{branch}} $& $1')
  })

  it('without a placeholder is left as it is', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('{{')),
        (text) => {
          expect(fillTemplate(text, values)).toBe(text)
        },
      ),
    )
  })

  it.each([
    [{ description: 'It is open.', remediation: 'Close it.' }, 'It is open.\n\n## How to fix it\n\nClose it.'],
    [{ description: 'It is open.', remediation: ' ' }, 'It is open.'],
    [{ description: '', remediation: '' }, ''],
  ])('says what is wrong before what to do', (texts, joined) => {
    expect(joinTemplateText(texts)).toBe(joined)
  })
})
