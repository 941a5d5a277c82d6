import * as z from 'zod'
import { redactSecrets } from '../../../domain/sending/redact.ts'
import { severities } from '../../../domain/severity.ts'
import { cutText } from '../../../lib/cut-text.ts'
import { writeChatBody } from './write-chat-body.ts'

const asset = z.object({ name: z.string() })
/** As we wrote it; what a line in a channel needs of it. */
const payload = z.object({
  type: z.string(),
  data: z.object({
    actor: z.object({ name: z.string() }).optional(),
    vulnerability: z
      .object({
        number: z.number(),
        title: z.string(),
        severity: z.string(),
        status: z.string(),
        path: z.string(),
        asset,
      })
      .optional(),
    message: z.object({ author: z.string(), body: z.string() }).nullish(),
    import: z.object({ file_name: z.string(), path: z.string(), asset }).optional(),
    events: z
      .object({
        left_out: z.number(),
        by_type: z.record(z.string(), z.number()),
        by_severity: z.record(z.string(), z.number()),
      })
      .optional(),
    before: z.object({ status: z.string().optional() }).nullish(),
    after: z.object({ deadline: z.string().optional(), tracker: z.string().optional() }).nullish(),
  }),
})

type Payload = z.output<typeof payload>
type Line = { title: string; detail: string | null; path: string }

const longestDetail = 600

/** An event as a channel's incoming webhook takes it. */
export function writeChannelBody(kind: 'slack' | 'teams', text: string, { publicUrl }: { publicUrl: string }): string {
  const { title, detail, path } = toLine(payload.parse(JSON.parse(text)))
  const details = detail === null ? [] : [detail]
  return writeChatBody(kind, { title: redactSecrets(title), details, url: `${publicUrl}${path}` })
}

function toLine({ type, data }: Payload): Line {
  const { vulnerability, message } = data
  if (vulnerability === undefined) return toPlainLine({ type, data })
  const { number, title, severity, path } = vulnerability
  const what = `#${number} ${title} (${severity}, ${vulnerability.asset.name})`
  const by = data.actor?.name ?? 'Weir'
  switch (type) {
    case 'vulnerability.created':
      return { title: `New: ${what}`, detail: null, path }
    case 'vulnerability.status_changed':
      return { title: what, detail: `${toWords(vulnerability.status)}, by ${by}`, path }
    case 'vulnerability.sent':
      return { title: what, detail: 'Sent to the developers', path }
    case 'deadline.crossed':
      return {
        title: what,
        detail: data.after?.deadline === 'breached' ? 'The deadline has passed' : 'The deadline comes near',
        path,
      }
    case 'message.created':
      return {
        title: what,
        detail: message ? `${message.author}: ${cutText(redactSecrets(message.body), longestDetail)}` : null,
        path,
      }
    default:
      return { title: what, detail: type, path }
  }
}

function toPlainLine({ data }: Payload): Line {
  const done = data.import
  if (done === undefined) return { title: 'Weir can write into this channel', detail: 'This is a test.', path: '/' }
  const detail = data.events === undefined ? null : tellMany(data.events)
  return { title: `${done.file_name} was imported into ${done.asset.name}`, detail, path: done.path }
}

const toWords = (text: string) => text.replaceAll('_', ' ')

const manyWords: Readonly<Record<string, string>> = {
  'vulnerability.created': 'new',
  'vulnerability.status_changed': 'with another status',
}

/** What would be a line each, in one. */
function tellMany({ by_type, by_severity }: NonNullable<Payload['data']['events']>): string {
  const format = new Intl.NumberFormat('en')
  const list = (counts: Readonly<Record<string, number>>, order: readonly string[]) =>
    order.flatMap((key) =>
      counts[key] === undefined ? [] : [`${format.format(counts[key])} ${manyWords[key] ?? key}`],
    )
  return `${list(by_type, Object.keys(manyWords)).join(', ')}: ${list(by_severity, severities).join(', ')}`
}
