import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type * as z from 'zod'
import type { Variable } from './config-schemas.ts'
import { testVariables, variables } from './config-variables.ts'
import { type AttachmentLimits, mostAttachments } from './domain/attachment-type.ts'
import { AppError } from './lib/app-error.ts'
import type { LogLevel } from './lib/log.ts'
import type { MailServer } from './lib/mail-transport.ts'

/** What a process does. */
export type ProcessRole = 'web' | 'worker'

/** The whole configuration, checked. Addresses have no slash at their end. */
export type Config = {
  /** Undefined: the embedded PostgreSQL of the data folder. */
  databaseUrl: string | undefined
  /** Absolute path. */
  dataFolder: string
  /** 32 bytes each, the first one seals; undefined: `ensureSecretKey` finds or makes one in the data folder. */
  secretKeys: readonly Uint8Array[] | undefined
  /** Undefined: `http://localhost:` and the port that was taken. */
  publicUrl: string | undefined
  host: string
  port: number
  roles: readonly ProcessRole[]
  trustedProxies: readonly string[]
  allowedPrivateAddresses: readonly string[]
  bitbucketApiUrl: string
  bitbucketWebUrl: string
  jiraApiUrl: string
  jiraLoginUrl: string
  sessionHours: number
  maxReportBytes: number
  maxResults: number
  /** Days for which the report of an applied import is kept; 0 keeps none. */
  importFileDays: number
  /** What the files of evidence of an organization may take in all. */
  maxEvidenceBytes: number
  /** Of one vulnerability, at a time. */
  maxEvidenceFiles: number
  attachmentLimits: AttachmentLimits
  /** Absolute path of the folder of copies of repositories. */
  gitFolder: string
  gitLimits: { maxBytes: number; keepFreeBytes: number }
  logLevel: LogLevel
  isMetricsOn: boolean
  isDemo: boolean
  /** Undefined: no e-mail is sent. */
  mail: { server: MailServer; from: string } | undefined
  /** For the command line: the Weir to talk to, and the API token for it. */
  remoteUrl: string | undefined
  remoteToken: string | undefined
}

/** The environment as the process got it. */
export type Environment = Readonly<Record<string, string | undefined>>

/** For the command line, which hands it on; everybody else reads the configuration. */
export function readEnvironment(): Environment {
  return process.env
}

type Name = keyof typeof variables
type Values = { [N in Name]: z.output<(typeof variables)[N]['schema']> | undefined }

const megabyte = 1024 * 1024
const names = Object.keys(variables)

/** Reads the environment once. Throws `config_invalid` that names every mistake: variable, problem, example; never a value of a secret. */
export function readConfig(environment: Environment = process.env): Config {
  const mistakes = findUnknown(environment)
  const values: Partial<Record<string, unknown>> = {}
  for (const [name, variable] of Object.entries<Variable<unknown>>(variables)) {
    const read = readVariable(name, variable, environment)
    if (read.kind === 'mistake') mistakes.push(`${name} ${read.problem}. Example: ${name}=${variable.example}`)
    else values[name] = read.value
  }
  if (values['WEIR_SECRET_KEY'] !== undefined && values['WEIR_SECRET_KEYS'] !== undefined)
    mistakes.push('WEIR_SECRET_KEY and WEIR_SECRET_KEYS are both set. Keep one of them.')
  mistakes.push(...findHalfMail(environment))
  if (mistakes.length > 0) throw invalid(mistakes)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each value came out of the schema of its own name; TypeScript cannot follow a loop over names
  return toConfig(values as Values)
}

/** The value of a variable that is not set, as the documentation shows it. */
export function describeDefault(variable: Variable<unknown>): string {
  return variable.default === undefined ? 'not set' : variable.default === '' ? 'empty' : variable.default
}

type Read = { kind: 'value'; value: unknown } | { kind: 'mistake'; problem: string }

function readVariable(name: string, variable: Variable<unknown>, environment: Environment): Read {
  const text = readText(name, variable, environment)
  if (text.kind === 'mistake') return text
  if (text.value === undefined) return { kind: 'value', value: undefined }
  const parsed = variable.schema.safeParse(text.value)
  if (parsed.success) return { kind: 'value', value: parsed.data }
  const problem = parsed.error.issues[0]?.message ?? 'is not acceptable'
  return { kind: 'mistake', problem: `${problem}${variable.isSecret === true ? '' : quote(text.value)}` }
}

const longestQuote = 60

/** The value, where it can hold neither a password nor a page of text. */
function quote(value: string): string {
  return /[@?#]/.test(value) || value.length > longestQuote ? '' : ` (it is ${JSON.stringify(value)})`
}

type Text = { kind: 'text'; value: string | undefined } | { kind: 'mistake'; problem: string }

function readText(name: string, variable: Variable<unknown>, environment: Environment): Text {
  const given = environment[name]
  const file = variable.isSecret === true ? environment[`${name}_FILE`] : undefined
  if (given !== undefined && file !== undefined)
    return { kind: 'mistake', problem: `and ${name}_FILE are both set; keep one of them` }
  // An empty secret is a mistake in the setup, never a wish for the default.
  if (given === '' && variable.isSecret === true) return { kind: 'mistake', problem: 'is set but empty' }
  if (file === undefined) return { kind: 'text', value: given === undefined || given === '' ? variable.default : given }
  if (file === '') return { kind: 'mistake', problem: `is to come from a file, but ${name}_FILE is empty` }
  return readSecretFile(file)
}

function readSecretFile(file: string): Text {
  try {
    const value = readFileSync(file, 'utf8').trim()
    return value === '' ? { kind: 'mistake', problem: `is empty in the file ${file}` } : { kind: 'text', value }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const why = { ENOENT: ', which is not there', EACCES: ', which Weir may not read', EISDIR: ', which is a folder' }
    const reason = Object.entries(why).find(([known]) => known === code)?.[1] ?? ''
    return { kind: 'mistake', problem: `cannot be read from the file ${file}${reason}` }
  }
}

/** E-mail needs both; one of them alone is a mistake, not a wish for none. */
function findHalfMail(environment: Environment): string[] {
  const isSet = (name: string) => (environment[name] ?? '') !== ''
  const hasServer = isSet('WEIR_SMTP_URL') || isSet('WEIR_SMTP_URL_FILE')
  if (hasServer === isSet('WEIR_MAIL_FROM')) return []
  const [set, missing] = hasServer
    ? (['WEIR_SMTP_URL', 'WEIR_MAIL_FROM'] as const)
    : (['WEIR_MAIL_FROM', 'WEIR_SMTP_URL'] as const)
  return [`${missing} is not set, but ${set} is: e-mail needs both. Example: ${missing}=${variables[missing].example}`]
}

function toConfig(values: Values): Config {
  const { WEIR_SECRET_KEY: key, WEIR_SECRET_KEYS: keys } = values
  return {
    databaseUrl: values.DATABASE_URL,
    dataFolder: resolve(present(values.WEIR_DATA_FOLDER)),
    secretKeys: keys ?? (key === undefined ? undefined : [key]),
    publicUrl: values.WEIR_PUBLIC_URL,
    host: present(values.WEIR_HOST),
    port: present(values.WEIR_PORT),
    roles: present(values.WEIR_ROLES),
    trustedProxies: present(values.WEIR_TRUSTED_PROXIES),
    allowedPrivateAddresses: present(values.WEIR_ALLOWED_PRIVATE_ADDRESSES),
    bitbucketApiUrl: present(values.WEIR_BITBUCKET_API_URL),
    bitbucketWebUrl: present(values.WEIR_BITBUCKET_WEB_URL),
    jiraApiUrl: present(values.WEIR_JIRA_API_URL),
    jiraLoginUrl: present(values.WEIR_JIRA_LOGIN_URL),
    sessionHours: present(values.WEIR_SESSION_HOURS),
    maxReportBytes: present(values.WEIR_MAX_REPORT_MB) * megabyte,
    maxResults: present(values.WEIR_MAX_RESULTS),
    importFileDays: present(values.WEIR_IMPORT_FILE_DAYS),
    maxEvidenceBytes: present(values.WEIR_EVIDENCE_GB) * 1_000_000_000,
    maxEvidenceFiles: present(values.WEIR_EVIDENCE_FILES),
    attachmentLimits: {
      files: mostAttachments,
      bytesEach: present(values.WEIR_ATTACHMENT_MB) * megabyte,
      bytesTogether: present(values.WEIR_ATTACHMENT_MESSAGE_MB) * megabyte,
      types: present(values.WEIR_ATTACHMENT_TYPES),
    },
    gitFolder: resolve(values.WEIR_GIT_FOLDER ?? join(present(values.WEIR_DATA_FOLDER), 'git')),
    gitLimits: {
      maxBytes: present(values.WEIR_GIT_REPOSITORY_MB) * 1_000_000,
      keepFreeBytes: present(values.WEIR_GIT_FREE_MB) * 1_000_000,
    },
    logLevel: present(values.WEIR_LOG_LEVEL),
    isMetricsOn: present(values.WEIR_METRICS),
    isDemo: present(values.WEIR_DEMO),
    mail: toMail(values),
    remoteUrl: values.WEIR_URL,
    remoteToken: values.WEIR_TOKEN,
  }
}

function toMail({ WEIR_SMTP_URL: server, WEIR_MAIL_FROM: from }: Values): Config['mail'] {
  return server === undefined || from === undefined ? undefined : { server, from }
}

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('A variable without a default was treated as if it had one.')
  return value
}

function findUnknown(environment: Environment): string[] {
  const known = new Set([...names, ...secretFileNames(), ...testVariables])
  const unknown = Object.keys(environment).filter((name) => name.startsWith('WEIR_') && !known.has(name))
  return unknown.toSorted().map((name) => `${name} is not a variable of Weir. ${suggest(name, known)}`)
}

function suggest(name: string, known: ReadonlySet<string>): string {
  const plain = name.replace(/_FILE$/, '')
  if (plain !== name && known.has(plain)) return `${plain} does not come from a file.`
  const [nearest = ''] = [...known].toSorted((a, b) => distance(name, a) - distance(name, b))
  const isNear = distance(name, nearest) <= (name.length - 'WEIR_'.length) * 0.6
  return isNear ? `The nearest is ${nearest}.` : 'docs/configuration.md lists them all.'
}

function secretFileNames(): string[] {
  const secrets = Object.entries<Variable<unknown>>(variables).filter(([, variable]) => variable.isSecret === true)
  return secrets.map(([name]) => `${name}_FILE`)
}

/** Levenshtein's edit distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const swap = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(swap, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

function invalid(mistakes: readonly string[]): AppError {
  const count = mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`
  const detail = [`The configuration has ${count}:`, ...mistakes.map((mistake) => `- ${mistake}`)].join('\n')
  return new AppError('config_invalid', detail, { meta: { mistakes } })
}
