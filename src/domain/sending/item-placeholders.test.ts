import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  defaultItemTemplate,
  fillLines,
  fillTitle,
  findTemplateProblem,
  type ItemValues,
  listPlaceholders,
} from './item-placeholders.ts'

const names = listPlaceholders('body')
const valuesOf = (value: (name: string) => string): ItemValues => {
  const entry = (name: (typeof names)[number]) => value(name)
  return {
    title: entry('title'),
    severity: entry('severity'),
    number: entry('number'),
    kind: entry('kind'),
    asset: entry('asset'),
    branch: entry('branch'),
    place: entry('place'),
    path: entry('path'),
    line: entry('line'),
    scanner: entry('scanner'),
    rule: entry('rule'),
    due: entry('due'),
    found_by: entry('found_by'),
    why: entry('why'),
    rule_page: entry('rule_page'),
    link: entry('link'),
    url: entry('url'),
    code: entry('code'),
    how_to_answer: entry('how_to_answer'),
  }
}
const values = valuesOf((name) => (name === 'due' ? '' : `<${name}>`))

describe('a template of an item', () => {
  test.each([
    ['{{title}} on {{ branch }}', '<title> on <branch>'],
    ['no placeholder', 'no placeholder'],
    ['{title} {{unknown}}', '{title} {{unknown}}'],
  ])('%j reads %j', (template, filled) => {
    expect(fillLines(template, values)).toEqual([filled])
    expect(fillTitle(template, values)).toBe(filled)
  })

  test('loses the lines that ask for something empty, and no other', () => {
    expect(fillLines('{{title}}\nDue: {{due}}\n\n{{link}}', values)).toEqual(['<title>', '', '<link>'])
  })

  test('leaves nothing of what is empty in a title', () => {
    expect(fillTitle('{{title}} {{due}} in {{asset}}', values)).toBe('<title> in <asset>')
  })

  test('is filled once: braces in a value are text', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.constantFrom(...names), (asked, held) => {
        const hostile = valuesOf(() => `{{${held}}} $& $1`)
        expect(fillLines(`{{${asked}}}`, hostile)).toEqual([`{{${held}}} $& $1`])
      }),
    )
  })

  test('is refused in a sentence where it asks for what there is not', () => {
    expect(findTemplateProblem('{{title}} {{owner}}', 'body')).toMatch(/^There is no placeholder \{\{owner\}\}\. Known/)
    expect(findTemplateProblem('{{ title | upper }}', 'title')).toMatch(/^There is no placeholder/)
    expect(findTemplateProblem('{{code}}', 'title')).toBe('{{code}} has no place in a title.')
    expect(findTemplateProblem('{{code}} { x } {{}', 'body')).toBeUndefined()
  })

  test('that is accepted leaves no placeholder behind, whatever surrounds it', () => {
    const part = fc.oneof(
      fc.constantFrom(...names).map((name) => `{{${name}}}`),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const template = parts.join(' ')
        fc.pre(findTemplateProblem(template, 'body') === undefined)
        const filled = fillLines(
          template,
          valuesOf(() => 'v'),
        ).join('\n')
        for (const name of names) expect(filled).not.toContain(`{{${name}}}`)
      }),
    )
  })

  test('by default asks for known things alone', () => {
    expect(findTemplateProblem(defaultItemTemplate.title, 'title')).toBeUndefined()
    expect(findTemplateProblem(defaultItemTemplate.body, 'body')).toBeUndefined()
  })
})
