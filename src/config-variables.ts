import { isIP } from 'node:net'
import * as z from 'zod'
import { parseAllowedAddress } from './lib/address-guard.ts'

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

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
)
const word = z.string().trim().toLowerCase()
const flag = word
  .pipe(z.enum(['on', 'off', 'true', 'false', '1', '0'], 'is neither on nor off'))
  .transform((word) => word === 'on' || word === 'true' || word === '1')

function whole(from: number, to: number): z.ZodType<number, string> {
  const message = `is not a whole number from ${from} to ${to}`
  return z
    .string()
    .trim()
    .regex(/^\d{1,12}$/, message)
    .transform(Number)
    .refine((value) => value >= from && value <= to, message)
}

function address(protocols: readonly string[], isPathAllowed: boolean): z.ZodType<string, string> {
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
const databaseUrl = z
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
const secretKey = z
  .string()
  .trim()
  .regex(/^([A-Za-z0-9+/_-]{43}=?|[0-9A-Fa-f]{64})$/, 'is not a key of 32 bytes in base64 or hexadecimal')
  .transform((text) => Buffer.from(text, text.length === 64 ? 'hex' : 'base64'))

const web = ['http:', 'https:'] as const

/** Every environment variable Weir reads, in the order of the documentation. */
export const variables = {
  DATABASE_URL: {
    schema: databaseUrl,
    example: 'postgres://weir:secret@db.example.com:5432/weir',
    meaning: 'PostgreSQL 15 to 18 to use. Not set: Weir runs an embedded PostgreSQL in its data folder.',
    isSecret: true,
  },
  WEIR_DATA_FOLDER: {
    schema: z.string().regex(/^[^~]/, 'begins with ~, which only a shell understands'),
    default: './data',
    example: '/var/lib/weir',
    meaning: 'Folder of the embedded PostgreSQL, the secret key made on first start, and working copies.',
  },
  WEIR_SECRET_KEY: {
    schema: secretKey,
    example: 'the output of: openssl rand -base64 32',
    meaning:
      'Key that seals credentials in the database. Not set: made on first start in the data folder, readable by its owner alone. Not part of a backup.',
    isSecret: true,
  },
  WEIR_SECRET_KEYS: {
    schema: list.pipe(z.array(secretKey).min(1, 'is empty')),
    example: 'NEW_KEY,OLD_KEY',
    meaning: 'Several keys in place of WEIR_SECRET_KEY, to change it: the first seals, all open.',
    isSecret: true,
  },
  WEIR_PUBLIC_URL: {
    schema: address(web, false),
    example: 'https://weir.example.com',
    meaning:
      'Address at which people and Bitbucket reach Weir; every link and webhook is built from it. Not set: http://localhost with the port.',
  },
  WEIR_HOST: {
    schema: z
      .string()
      .trim()
      .refine(
        (text) => isIP(text) !== 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text),
        'is no address or host name',
      )
      .refine((text) => isIP(text) !== 0 || !/^[\d.]+$/.test(text), 'is no address or host name'),
    default: '127.0.0.1',
    example: '0.0.0.0',
    meaning: 'Address to listen on.',
  },
  WEIR_PORT: {
    schema: whole(0, 65_535),
    default: '8420',
    example: '8420',
    meaning: 'Port to listen on; 0 takes a free one.',
  },
  WEIR_ROLES: {
    schema: list.pipe(
      z.array(word.pipe(z.enum(['web', 'worker'], 'is not a list of web and worker'))).min(1, 'is empty'),
    ),
    default: 'web,worker',
    example: 'worker',
    meaning: 'What this process does: answer browsers (web), work off jobs (worker), or both.',
  },
  WEIR_TRUSTED_PROXIES: {
    schema: list.pipe(
      z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'holds something that is no address or range')),
    ),
    default: '',
    example: '10.0.0.0/8,127.0.0.1',
    meaning: 'Addresses and ranges of reverse proxies whose X-Forwarded-* headers count.',
  },
  WEIR_ALLOWED_PRIVATE_ADDRESSES: {
    schema: list.refine(
      (entries) => entries.every((entry) => parseAllowedAddress(entry) !== undefined),
      'holds something that is neither an address, a range nor host:port',
    ),
    default: '',
    example: '10.1.0.0/16,jira.internal:443',
    meaning: 'Private addresses Weir may connect to: addresses, ranges, and host:port pairs. All others are refused.',
  },
  WEIR_BITBUCKET_API_URL: {
    schema: address(web, true),
    default: 'https://api.bitbucket.org/2.0',
    example: 'https://api.bitbucket.org/2.0',
    meaning: 'Where the Bitbucket Cloud API is; another address only for a simulated Bitbucket.',
  },
  WEIR_BITBUCKET_WEB_URL: {
    schema: address(web, true),
    default: 'https://bitbucket.org',
    example: 'https://bitbucket.org',
    meaning: 'Where the pages of Bitbucket are (log-in, consent, links).',
  },
  WEIR_SESSION_HOURS: {
    schema: whole(1, 8760),
    default: '168',
    example: '12',
    meaning: 'Hours without use after which a session ends.',
  },
  WEIR_MAX_REPORT_MB: {
    schema: whole(1, 10_000),
    default: '200',
    example: '500',
    meaning: 'Largest report that is accepted, in megabytes.',
  },
  WEIR_MAX_RESULTS: {
    schema: whole(1, 100_000_000),
    default: '500000',
    example: '100000',
    meaning: 'Most results one report may hold.',
  },
  WEIR_IMPORT_FILE_DAYS: {
    schema: whole(0, 3650),
    default: '30',
    example: '90',
    meaning:
      'Days for which the report of an import is kept after it was applied, packed and sealed, to be downloaded by those who may apply imports; 0 keeps none.',
  },
  WEIR_LOG_LEVEL: {
    schema: word.pipe(
      z.enum(
        ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
        'is none of fatal, error, warn, info, debug, trace, silent',
      ),
    ),
    default: 'info',
    example: 'debug',
    meaning: 'How much is logged: fatal, error, warn, info, debug, trace, silent.',
  },
  WEIR_METRICS: {
    schema: flag,
    default: 'off',
    example: 'on',
    meaning: 'Serve /metrics for Prometheus.',
  },
  WEIR_DEMO: {
    schema: flag,
    default: 'off',
    example: 'on',
    meaning: 'Say on every page that this is a demonstration, and offer to wipe it.',
  },
  WEIR_URL: {
    schema: address(web, true),
    example: 'https://weir.example.com',
    meaning: 'For `weir import` alone: the Weir to send the report to, in place of the database of this machine.',
  },
  WEIR_TOKEN: {
    schema: z
      .string()
      .trim()
      .regex(/^[!-~]+$/, 'holds something that is no letter, digit or sign of a token'),
    example: 'weir_…',
    meaning:
      'For `weir import` with WEIR_URL: an API token with the scope import. On the command line others could read it.',
    isSecret: true,
  },
  WEIR_SKIP_INSTALL: {
    schema: flag,
    default: 'off',
    example: '1',
    meaning: 'Do not check or install the locked dependencies at start (an image that brings them).',
  },
} as const satisfies Record<string, Variable<unknown>>

/** Names that begin with WEIR_ and are read by the test suite alone. */
export const testVariables: readonly string[] = ['WEIR_TEST_DATABASE_URL']
