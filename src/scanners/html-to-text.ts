/** Elements that scanners lay their texts out with. Any other one is something the text speaks of, and stays as it is. */
const inline = new Set(['a', 'b', 'i', 'u', 'em', 'strong', 'code', 'tt', 'span', 'font', 'small', 'sub', 'sup', 'img'])
const blocks = new Set(
  'p br div ul ol li dl dt dd pre blockquote hr h1 h2 h3 h4 h5 h6 table thead tbody tr td th html head body'.split(' '),
)
const entities: ReadonlyMap<string, string> = new Map(
  Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', ndash: '–', mdash: '—', hellip: '…' }),
)

type Tag = { name: string; isEnd: boolean; inside: string; end: number }

/** HTML as a scanner writes it, as plain text: a line a paragraph, a dash before an item, the address behind a link. */
export function htmlToText(html: string): string {
  const parts: string[] = []
  let link: { href: string; from: number } | null = null
  let from = 0
  for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', from)) {
    const tag = readTag(html, at)
    parts.push(html.slice(from, tag === null ? at + 1 : at))
    from = tag === null ? at + 1 : tag.end
    if (tag === null) continue
    if (blocks.has(tag.name)) parts.push(tag.name === 'li' && !tag.isEnd ? '\n- ' : '\n')
    else if (tag.name === 'a') {
      if (link !== null) parts.push(describeLink(link.href, parts.slice(link.from).join('')))
      link = tag.isEnd ? null : { href: readHref(tag.inside), from: parts.length }
    }
  }
  parts.push(html.slice(from))
  return tidy(decodeEntities(parts.join('')))
}

/** The tag that begins at `at`, or null where none of those above does. Never reads past the next `<`. */
function readTag(html: string, at: number): Tag | null {
  const [start = '', slash, name = ''] = /^<(\/?)([a-z][a-z0-9]{0,9})(?=[\s/>])/i.exec(html.slice(at, at + 14)) ?? []
  const lower = name.toLowerCase()
  if (!inline.has(lower) && !blocks.has(lower)) return null
  const first = at + start.length
  for (let end = first; end < html.length; end++) {
    const sign = html[end]
    if (sign === '<') return null
    if (sign === '>') return { name: lower, isEnd: slash === '/', inside: html.slice(first, end), end: end + 1 }
  }
  return null
}

function readHref(inside: string): string {
  const at = inside.toLowerCase().indexOf('href=')
  if (at === -1) return ''
  return /^["']?(https?:[^"'\s]{1,1000})/i.exec(inside.slice(at + 5, at + 1010))?.[1] ?? ''
}

function describeLink(href: string, text: string): string {
  return href === '' || decodeEntities(text).trim() === decodeEntities(href) ? '' : ` (${href})`
}

function decodeEntities(text: string): string {
  return text.replace(/&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,6});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return entities.get(name.toLowerCase()) ?? whole
    const point = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return point > 0 && point <= 0x10_ff_ff ? String.fromCodePoint(point) : whole
  })
}

/** At most one empty line in a row, none at the ends, no space at the ends of lines. */
function tidy(text: string): string {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim())
  return lines
    .filter((line, index) => line !== '' || (lines[index - 1] ?? '') !== '')
    .filter((line) => line !== '-')
    .join('\n')
    .trim()
}
