import { type DestinationStream, type Logger, pino } from 'pino'

/** The structured logger handed to whatever has something to say. */
export type Log = Logger

/** How much is said; `silent` says nothing. */
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'

const mask = '[redacted]'
const secretKey =
  /(authorization|cookie|password|passphrase|secret|token|api[-_]?key|private[-_]?key|credential|^sealed_)/i
/** Names that contain a secret word but say nothing secret. */
const harmlessKey = /(_id|_at|_count|_name|_prefix|_kind|_type|[a-z](Id|At|Count|Name|Prefix|Kind|Type))$/
/** Deeper than anything we log on purpose; what lies below is dropped rather than searched. */
const maximumDepth = 8

/** Each takes time in proportion to the text, whatever it is: a run of signs is read from its beginning alone. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic|JWT)\s+[A-Za-z0-9._~+/=-]{8,}/gi, `$1 ${mask}`],
  [/\bATATT[A-Za-z0-9_=-]{8,}/g, mask],
  [/\bATCTT[A-Za-z0-9_=-]{8,}/g, mask],
  [/\bATBB[A-Za-z0-9_=-]{8,}/g, mask],
  [/\bweir_[A-Za-z0-9_-]{8,}/g, mask],
  [/\bv1\.[0-9a-f]{8}\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]{16,}/g, mask],
  [/(?<![A-Za-z0-9_-])(?=(?:[A-Za-z0-9_-]*[_-])?eyJ)[A-Za-z0-9_-]{11,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, mask],
  [/(:\/\/)[^/\s:@"']+:[^/\s@"']+@/g, `$1${mask}@`],
  [/([?&](?:code|state|token|access_token|refresh_token|client_secret|jwt|signature)=)[^&\s"'#]+/gi, `$1${mask}`],
]

/** The text with everything that looks like a credential masked: Atlassian, Weir and bearer tokens, JWTs, passwords in addresses, secret query fields, sealed values. */
export function redactText(text: string): string {
  return patterns.reduce((redacted, [pattern, by]) => redacted.replace(pattern, by), text)
}

/** A copy of a JSON value with the values of secret-sounding keys masked, at any depth. */
export function redactFields(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth > maximumDepth) return '[too deep]'
  if (Array.isArray(value)) return value.map((item) => redactFields(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, isSecret(key, item) ? mask : redactFields(item, depth + 1)]),
  )
}

function isSecret(key: string, value: unknown): boolean {
  if (value === undefined || value === null || typeof value === 'boolean') return false
  return secretKey.test(key) && !harmlessKey.test(key)
}

/** A logger that writes one JSON line an entry to `destination` (default: standard output), every line redacted by key and by pattern. */
export function createLog(options: { level: LogLevel; destination?: DestinationStream; name?: string }): Log {
  const settings = {
    level: options.level,
    base: options.name === undefined ? null : { name: options.name },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describeError },
    formatters: { level: (level: string) => ({ level }) },
    // One door for everything: fields, child loggers, serialised errors and requests all pass here as finished lines.
    hooks: { streamWrite: redactLine },
  }
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination)
}

/** `pg` hangs its whole client, several kilobytes of it, on the error of a broken connection. */
function describeError(error: Error): unknown {
  const { client: _client, ...rest } = pino.stdSerializers.err(error)
  return rest
}

function redactLine(line: string): string {
  return redactText(`${JSON.stringify(redactFields(JSON.parse(line)))}\n`)
}
