import { type MailKind, weeklyDigest } from '../../../domain/calls/call-kinds.ts'
import { describeKind } from '../../../domain/calls/describe-kind.ts'
import type { Mail, MailAddress } from '../../../lib/mail-transport.ts'
import type { ToldCall } from '../../../store/sync/outgoing-calls.ts'
import { type CallLine, describeCalls, type TellOptions, titleOf } from './describe-calls.ts'
import type { WeekText } from './describe-week.ts'

type Envelope = {
  publicUrl: string
  /** Of the message, in every attempt. */
  id: string
  to: MailAddress
  organization: string
  /** The page, and address for one POST, that ends mails of these kinds. */
  unsubscribeUrl: (kinds: readonly MailKind[]) => string
}
export type MailInput = TellOptions & Envelope & { calls: readonly ToldCall[] }

type Line = CallLine
type Foot = { choicesUrl: string; ends: { words: string; url: string }[]; organization: string }

/** A mail that tells calls, at least one: plain text, and the same as simple HTML without anything from elsewhere. */
export function writeMail(input: MailInput): Mail {
  const { calls, publicUrl } = input
  const [only] = calls
  const one = calls.length === 1 ? only?.vulnerability : null
  const thread = one ? `vulnerability-${one.id}@${new URL(publicUrl).hostname}` : null
  const kinds = [...new Set(calls.map(({ kind }) => kind))]
  return layOut(input, { ...describeCalls(calls, input), title: titleOf(calls, input), kinds, thread })
}

/** A mail that tells a week. */
export function writeWeekMail(input: Envelope, { title, lines }: WeekText): Mail {
  return layOut(input, { title, lines, more: null, kinds: [weeklyDigest], thread: null })
}

type Content = {
  title: string
  lines: readonly Line[]
  more: Body['more']
  kinds: readonly MailKind[]
  thread: string | null
}

function layOut(input: Envelope, { title, lines, more, kinds, thread }: Content): Mail {
  const { id, to, publicUrl, organization, unsubscribeUrl } = input
  const foot = {
    organization,
    choicesUrl: `${publicUrl}/settings/notifications`,
    ends: kinds.map((kind) => ({ words: describeKind(kind), url: unsubscribeUrl([kind]) })),
  }
  return {
    messageId: `${id}@${new URL(publicUrl).hostname}`,
    thread,
    to,
    subject: title,
    text: toText({ lines, more, foot }),
    html: toHtml({ title, lines, more, foot }),
    unsubscribeUrl: unsubscribeUrl(kinds),
  }
}

type Body = { lines: readonly Line[]; more: { words: string; url: string } | null; foot: Foot }

function toText({ lines, more, foot }: Body): string {
  const blocks = lines.map(({ head, text, links = [], url }) =>
    [head, text, ...links.map(toPlainLink), url].filter((part) => part !== null).join('\n'),
  )
  const ends = foot.ends.map(({ words, url }) => `No more mails of "${words}": ${url}`)
  const last = ['-- ', `Weir, ${foot.organization}`, `Choose what you are called for: ${foot.choicesUrl}`, ...ends]
  return `${[...blocks, ...(more === null ? [] : [`${more.words}\n${more.url}`]), last.join('\n')].join('\n\n')}\n`
}

/** Where no click is possible: the words with the address behind them. */
export function toPlainLink({ words, url }: { words: string; url: string | null }): string {
  return url === null ? words : `${words}: ${url}`
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escape = (text: string) => text.replaceAll(/[&<>"']/g, (sign) => escapes[sign] ?? '')

/** Colours of both themes; programs that know no dark one keep the light one. */
const style = `:root{color-scheme:light dark}
body{margin:0;padding:24px;background:#f4f6f8;color:#1b2733;font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:600px;margin:0 auto;background:#ffffff;border:1px solid #d5dce3;border-radius:8px;padding:8px 24px}
article{padding:16px 0;border-bottom:1px solid #e3e8ed}p{margin:0 0 6px;overflow-wrap:anywhere}a{color:#0b5cad}
.head{font-weight:650}.foot{max-width:600px;margin:16px auto;color:#566573;font-size:13px}
@media (prefers-color-scheme:dark){body{background:#11181f;color:#e4eaf0}main{background:#1a232c;border-color:#33404c}
article{border-color:#2b3742}a{color:#7ab8f5}.foot{color:#9fb0bf}}`

function toHtml({ title, lines, more, foot }: Body & { title: string }): string {
  const link = (url: string, words: string) => `<a href="${escape(url)}">${escape(words)}</a>`
  const articles = lines.map(({ head, text, links = [], url, open }) => {
    const listed = links.map((one) => (one.url === null ? escape(one.words) : link(one.url, one.words)))
    const said = [...(text === null ? [] : [escape(text).replaceAll('\n', '<br>')]), ...listed]
    const body = said.length === 0 ? '' : `<p>${said.join('<br>')}</p>`
    return `<article><p class="head">${escape(head)}</p>${body}<p>${link(url, open)}</p></article>`
  })
  if (more !== null) articles.push(`<article><p>${link(more.url, more.words)}</p></article>`)
  const ends = foot.ends.map(({ words, url }) => `<p>${escape(words)}: ${link(url, 'no more of these mails')}</p>`)
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${escape(title)}</title><style>${style}</style></head>
<body><main>${articles.join('\n')}</main>
<div class="foot"><p>Weir, ${escape(foot.organization)}. ${link(foot.choicesUrl, 'Choose what you are called for')}</p>
${ends.join('\n')}</div></body></html>
`
}
