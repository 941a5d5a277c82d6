import * as z from 'zod'
import type { MailServer } from './lib/mail-transport.ts'

/** What is known of one environment variable. `schema` turns its text into a value; its messages complete "NAME …". */
export type Variable<Value> = {
  schema: z.ZodType<Value, string>
  /** Used when the variable is not set; absent when there is no value then. */
  default?: string
  example: string
  meaning: string
  /** A secret may also come from a file named by NAME_FILE, and is never printed. */
  isSecret?: true
}

export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
)
export const word = z.string().trim().toLowerCase()
export const flag = word
  .pipe(z.enum(['on', 'off', 'true', 'false', '1', '0'], 'is neither on nor off'))
  .transform((word) => word === 'on' || word === 'true' || word === '1')

export function whole(from: number, to: number): z.ZodType<number, string> {
  const message = `is not a whole number from ${from} to ${to}`
  return z
    .string()
    .trim()
    .regex(/^\d{1,12}$/, message)
    .transform(Number)
    .refine((value) => value >= from && value <= to, message)
}

export function address(protocols: readonly string[], isPathAllowed: boolean): z.ZodType<string, string> {
  return z
    .string()
    .refine((text) => URL.canParse(text), 'is not a complete address')
    .transform((text) => new URL(text))
    .refine(
      (url) => protocols.includes(url.protocol),
      `does not begin with ${protocols.map((p) => `${p}//`).join(' or ')}`,
    )
    .refine((url) => url.username === '' && url.password === '', 'must not hold a user name or password')
    .refine((url) => url.search === '' && url.hash === '', 'must not hold a query or fragment')
    .refine((url) => isPathAllowed || url.pathname === '/', 'must not hold a path')
    .transform((url) => `${url.origin}${url.pathname}`.replace(/\/+$/, ''))
}

/** A PostgreSQL address may name its socket folder as `?host=/path` and leave the host empty, which `URL` cannot read. */
export const databaseUrl = z
  .string()
  .trim()
  .regex(/^postgres(ql)?:\/\/\S/, 'does not begin with postgres:// (and has no quotation marks around it)')
  .refine(isDatabaseUrl, 'cannot be read; in user and password write @ as %40, : as %3A, / as %2F, # as %23, % as %25')

function isDatabaseUrl(text: string): boolean {
  const url = URL.parse(text.replace(/^([^/]+:\/\/(?:[^/?#]*@)?)(?=[/?])/, '$1localhost'))
  if (url === null || url.hash !== '' || /\s/.test(text)) return false
  try {
    decodeURIComponent(url.username + url.password)
    return true
  } catch {
    return false
  }
}

/** Base64 in either alphabet, or hexadecimal. Node's own decoder would skip over what is wrong. */
export const secretKey = z
  .string()
  .trim()
  .regex(/^([A-Za-z0-9+/_-]{43}=?|[0-9A-Fa-f]{64})$/, 'is not a key of 32 bytes in base64 or hexadecimal')
  .transform((text) => Buffer.from(text, text.length === 64 ? 'hex' : 'base64'))

export const web = ['http:', 'https:'] as const

const mailPorts: Readonly<Record<string, number>> = { 'smtp:': 587, 'smtps:': 465 }

/** A mail server with its login, as one address. */
export const mailServer: z.ZodType<MailServer, string> = z
  .string()
  .trim()
  .regex(/^smtps?:\/\/\S+$/, 'does not begin with smtp:// or smtps:// (and has no quotation marks around it)')
  .transform((text, context) => {
    const url = URL.parse(text)
    const login = url === null ? undefined : readLogin(url)
    if (
      url !== null &&
      url.hostname !== '' &&
      login !== undefined &&
      /^\/?$/.test(url.pathname + url.search + url.hash)
    )
      return {
        host: url.hostname,
        port: Number(url.port) || (mailPorts[url.protocol] ?? 0),
        isTls: url.protocol === 'smtps:',
        ...login,
      }
    context.addIssue('cannot be read; in user and password write @ as %40, : as %3A, / as %2F, # as %23, % as %25')
    return z.NEVER
  })

function readLogin({ username, password }: URL): Pick<MailServer, 'user' | 'password'> | undefined {
  try {
    return username === '' && password === ''
      ? { user: null, password: null }
      : { user: decodeURIComponent(username), password: decodeURIComponent(password) }
  } catch {
    return undefined
  }
}

const mailAddress = /^[^\s@<>",;]+@[^\s@<>",;]+$/

/** An address, alone or as `Name <address>`; of one line, since it becomes a header. */
export const mailSender = z
  .string()
  .trim()
  .max(300, 'is too long')
  .refine((text) => {
    const named = /^([^<>\r\n"]*)<([^<>]+)>$/.exec(text)
    return mailAddress.test(named?.[2]?.trim() ?? text)
  }, 'is no mail address, alone or as Name <address>')
