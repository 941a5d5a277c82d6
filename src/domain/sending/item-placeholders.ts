/** What a template of an item can ask for, written as `{{title}}`, and what people read about it. */
export const itemPlaceholders = {
  title: 'what is wrong, on one line',
  severity: 'critical, high, medium, low or notification',
  number: 'its number here, such as WEIR-12',
  kind: 'code, dependency, secret, configuration or web',
  asset: 'name of the asset',
  branch: 'the branch it was found on',
  place: 'path and line',
  path: 'path alone',
  line: 'line alone',
  scanner: 'name of the scanner; empty for what a person wrote down',
  rule: 'id of the rule; empty for what a person wrote down',
  due: 'the day it has to be fixed by, such as 2027-01-31',
  found_by: 'scanner and rule, or the security team',
  why: 'why it matters, in the words of the scanner; empty where they only repeat the title',
  rule_page: 'link to what is written about the rule',
  link: 'the number, as a link to its page here',
  url: 'the address of that page alone',
  code: 'the lines the scan read; empty for secrets, and where code is not sent',
  how_to_answer: 'how a developer asks and says done, in the words of the tracker',
} as const
export type ItemPlaceholder = keyof typeof itemPlaceholders
export type ItemValues = Readonly<Record<ItemPlaceholder, string>>

/** What is more than a few words has no place in a title. */
const bodyOnly: readonly string[] = ['found_by', 'why', 'rule_page', 'link', 'url', 'code', 'how_to_answer']

/** Names of `itemPlaceholders` that a text may hold, in their order. */
export function listPlaceholders(of: 'title' | 'body'): ItemPlaceholder[] {
  return names.filter((name) => of === 'body' || !bodyOnly.includes(name))
}

const names = Object.keys(itemPlaceholders).filter(isPlaceholder)

function isPlaceholder(name: string): name is ItemPlaceholder {
  return Object.hasOwn(itemPlaceholders, name)
}

/** What an item says where nobody wrote a template. */
export const defaultItemTemplate = {
  title: '[{{severity}}] {{title}}',
  body: [
    '**{{title}}** ({{severity}})',
    '**Where:** {{place}} on {{branch}}',
    '**Why:** {{why}}',
    '**Found by:** {{found_by}}',
    '**About this rule:** {{rule_page}}',
    '**More:** {{link}}',
    '{{how_to_answer}}',
  ].join('\n'),
} as const

const anyBraces = /\{\{([^{}\n]*)\}\}/g

/** Why a template cannot be used, in a sentence; undefined when it can. */
export function findTemplateProblem(text: string, of: 'title' | 'body'): string | undefined {
  const known: readonly string[] = listPlaceholders(of)
  for (const [whole, inside = ''] of text.matchAll(anyBraces)) {
    const name = inside.trim()
    if (known.includes(name)) continue
    if (isPlaceholder(name)) return `${whole} has no place in a title.`
    return `There is no placeholder ${whole}. Known are: ${known.join(', ')}.`
  }
  return undefined
}

/** Puts the values in; a line that asks for something empty is left out as a whole. What a value holds is never read again. */
export function fillLines(template: string, values: ItemValues): string[] {
  return template.split('\n').flatMap((line) => {
    const asked = [...line.matchAll(anyBraces)].map(([, inside = '']) => inside.trim()).filter(isPlaceholder)
    if (asked.some((name) => values[name] === '')) return []
    return [fill(line, values)]
  })
}

/** The same in one line, where what is empty leaves nothing behind. */
export function fillTitle(template: string, values: ItemValues): string {
  return fill(template, values).replace(/\s+/g, ' ').trim()
}

function fill(text: string, values: ItemValues): string {
  return text.replaceAll(anyBraces, (whole, inside: string) => {
    const name = inside.trim()
    return isPlaceholder(name) ? values[name] : whole
  })
}
