/** The part of Markdown people write in comments. HTML is escaped and visible; a link reference line renders to nothing. */
export function renderMarkdown(raw: string): string {
  const lines = raw.replace(/\r\n?/g, '\n').split('\n')
  const blocks: string[] = []
  let paragraph: string[] = []
  const endParagraph = () => {
    if (paragraph.length > 0) blocks.push(`<p>${renderInline(paragraph.join('\n'))}</p>`)
    paragraph = []
  }
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    const special = readBlock(lines, index)
    if (special !== undefined) {
      endParagraph()
      if (special.html !== '') blocks.push(special.html)
      index = special.last
    } else if (line.trim() === '') endParagraph()
    else paragraph.push(line.trim())
  }
  endParagraph()
  return blocks.join('\n')
}

interface Block {
  html: string
  last: number
}

function readBlock(lines: string[], index: number): Block | undefined {
  const line = lines[index] ?? ''
  if (/^\[[^\]]+\]:\s*\S+/.test(line)) return { html: '', last: index }
  if (/^(```|~~~)/.test(line)) return readFence(lines, index)
  const heading = /^(#{1,6})\s+(.*)$/.exec(line)
  if (heading !== null) {
    const level = (heading[1] ?? '').length
    return { html: `<h${level}>${renderInline(heading[2] ?? '')}</h${level}>`, last: index }
  }
  if (/^\s*[-*+]\s+/.test(line)) return readList(lines, index, { item: /^\s*[-*+]\s+(.*)$/, tag: 'ul' })
  if (/^\s*\d+[.)]\s+/.test(line)) return readList(lines, index, { item: /^\s*\d+[.)]\s+(.*)$/, tag: 'ol' })
  if (/^>\s?/.test(line)) return readQuote(lines, index)
  return undefined
}

function readFence(lines: string[], start: number): Block {
  const fence = (lines[start] ?? '').slice(0, 3)
  let last = start + 1
  const code: string[] = []
  while (last < lines.length && !(lines[last] ?? '').startsWith(fence)) {
    code.push(lines[last] ?? '')
    last += 1
  }
  return { html: `<div class="codehilite"><pre><span></span>${escapeHtml(code.join('\n'))}\n</pre></div>`, last }
}

function readList(lines: string[], start: number, shape: { item: RegExp; tag: string }): Block {
  const items: string[] = []
  let last = start
  for (; last < lines.length; last += 1) {
    const match = shape.item.exec(lines[last] ?? '')
    if (match === null) break
    items.push(`<li>${renderInline(match[1] ?? '')}</li>`)
  }
  return { html: `<${shape.tag}>\n${items.join('\n')}\n</${shape.tag}>`, last: last - 1 }
}

function readQuote(lines: string[], start: number): Block {
  const inner: string[] = []
  let last = start
  for (; last < lines.length && /^>\s?/.test(lines[last] ?? ''); last += 1)
    inner.push((lines[last] ?? '').replace(/^>\s?/, ''))
  return { html: `<blockquote>\n${renderMarkdown(inner.join('\n'))}\n</blockquote>`, last: last - 1 }
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}

function renderInline(text: string): string {
  // What no other sign may be read in any more: code, and addresses in angle brackets.
  const done: string[] = []
  const hold = (markup: string) => `\uE000${done.push(markup) - 1}\uE001`
  const held = text
    .replace(/(`+)(.+?)\1(?!`)/g, (_all, _ticks: string, code: string) =>
      hold(`<code>${escapeHtml(code.trim())}</code>`),
    )
    .replace(/<(https?:\/\/[^\s<>\uE000]+)>/g, (_all, url: string) =>
      hold(`<a href="${escapeHtml(url)}" rel="nofollow">${escapeHtml(url)}</a>`),
    )
  const html = escapeHtml(held)
    .replace(
      /\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/g,
      (_all, label: string, url: string) => `<a data-is-external-link="true" href="${url}" rel="nofollow">${label}</a>`,
    )
    .replace(
      /(^|[\s(])(https?:\/\/[^\s<)]+)/g,
      (_all, before: string, url: string) => `${before}<a href="${url}" rel="nofollow">${url}</a>`,
    )
    .replace(/\*\*(.+?)\*\*/g, '<strong>$1</strong>')
    .replace(/(^|\W)[*_]([^*_\s][^*_]*)[*_](?=\W|$)/g, '$1<em>$2</em>')
    .replace(/\n/g, '<br />\n')
  return html.replace(/\uE000(\d+)\uE001/g, (_all, index: string) => done[Number(index)] ?? '')
}
