/** Markup that is safe to send: made by the `html` tag, or by a renderer that escapes what it is given. */
export class Html {
  readonly markup: string

  constructor(markup: string) {
    this.markup = markup
  }
}

export type Part = Html | string | number | boolean | null | undefined | readonly Part[]

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function write(part: Part): string {
  if (part instanceof Html) return part.markup
  if (part === null || part === undefined || typeof part === 'boolean') return ''
  if (typeof part === 'string') return part.replace(/[&<>"']/g, (character) => escapes[character] ?? '')
  if (typeof part === 'number') return String(part)
  return part.map(write).join('')
}

/** Everything put in is escaped, unless it is `Html` itself; lists are joined, booleans and null leave nothing. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(strings.map((string, index) => string + write(parts[index])).join(''))
}
