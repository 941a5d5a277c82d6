import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Environment, readConfig } from './config.ts'
import { isAppError } from './lib/app-error.ts'
import { createSecretBox } from './lib/secret-box.ts'
import { ensureSecretKeys } from './secret-key.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-config-'))
afterAll(() => rm(folder, { recursive: true }))
const keyText = Buffer.alloc(32, 7).toString('base64')

function mistakesOf(environment: Environment): string {
  try {
    readConfig(environment)
  } catch (error) {
    if (isAppError(error, 'config_invalid')) return error.detail
    throw error
  }
  return ''
}

describe('configuration', () => {
  it('needs nothing: every default is usable', () => {
    expect(readConfig({})).toMatchObject({
      databaseUrl: undefined,
      host: '127.0.0.1',
      port: 8420,
      roles: ['web', 'worker'],
      publicUrl: undefined,
      allowedPrivateAddresses: [],
      trustedProxies: [],
      bitbucketApiUrl: 'https://api.bitbucket.org/2.0',
      maxReportBytes: 200 * 1024 * 1024,
      isMetricsOn: false,
      isDemo: false,
    })
  })

  it('reads every variable', () => {
    const config = readConfig({
      DATABASE_URL: 'postgresql://weir@/weir?host=%2Fvar%2Frun%2Fpostgresql',
      WEIR_PUBLIC_URL: 'https://weir.example.com/',
      WEIR_ROLES: 'worker',
      WEIR_TRUSTED_PROXIES: '10.0.0.0/8, ::1',
      WEIR_ALLOWED_PRIVATE_ADDRESSES: '127.0.0.1:9000,10.1.0.0/16,jira.internal:443',
      WEIR_BITBUCKET_API_URL: 'http://127.0.0.1:9000/2.0/',
      WEIR_SECRET_KEYS: `${keyText},${'ab'.repeat(32)}`,
      WEIR_DEMO: 'on',
    })
    expect(config).toMatchObject({
      databaseUrl: 'postgresql://weir@/weir?host=%2Fvar%2Frun%2Fpostgresql',
      publicUrl: 'https://weir.example.com',
      roles: ['worker'],
      trustedProxies: ['10.0.0.0/8', '::1'],
      allowedPrivateAddresses: ['127.0.0.1:9000', '10.1.0.0/16', 'jira.internal:443'],
      bitbucketApiUrl: 'http://127.0.0.1:9000/2.0',
      isDemo: true,
    })
    expect(config.secretKeys).toEqual([Buffer.alloc(32, 7), Buffer.alloc(32, 0xab)])
  })

  it('names ten mistakes at once, each with its variable and an example', () => {
    const environment = {
      DATABASE_URL: 'mysql://x',
      WEIR_PORT: '80000',
      WEIR_PUBLIC_URL: 'weir.example.com',
      WEIR_SECRET_KEY: 'short',
      WEIR_ROLES: 'web,cook',
      WEIR_TRUSTED_PROXIES: 'everybody',
      WEIR_ALLOWED_PRIVATE_ADDRESSES: '10.0.0.0/99',
      WEIR_LOG_LEVEL: 'loud',
      WEIR_METRICS: 'perhaps',
      WEIR_MAX_REPORT_MB: '-1',
    }
    const mistakes = mistakesOf(environment)
    expect(mistakes).toContain('The configuration has 10 mistakes')
    for (const name of Object.keys(environment))
      expect(mistakes).toMatch(new RegExp(`^- ${name} .*Example: ${name}=`, 'm'))
  })

  it.each([
    ['WEIR_PORT', '80a', 'is not a whole number from 0 to 65535 (it is "80a")'],
    ['WEIR_HOST', '0.0.0.0:8420', 'is no address or host name (it is "0.0.0.0:8420")'],
    ['WEIR_HOST', 'http://0.0.0.0', 'is no address or host name (it is "http://0.0.0.0")'],
    ['WEIR_HOST', '10.0.0.300', 'is no address or host name (it is "10.0.0.300")'],
    ['WEIR_PUBLIC_URL', 'localhost:8420', 'does not begin with http:// or https:// (it is "localhost:8420")'],
    ['WEIR_PUBLIC_URL', 'https://me:canary@x.example', 'must not hold a user name or password'],
    ['WEIR_PUBLIC_URL', 'https://x.example?t=canary', 'must not hold a query or fragment'],
    ['WEIR_DATA_FOLDER', '~/weir', 'begins with ~, which only a shell understands (it is "~/weir")'],
    ['WEIR_ROLES', 'web worker', 'is not a list of web and worker (it is "web worker")'],
    ['WEIR_TRUSTED_PROXIES', '*', 'holds something that is no address or range (it is "*")'],
    ['WEIR_SESSION_HOURS', '1.5', 'is not a whole number from 1 to 8760 (it is "1.5")'],
    ['WEIR_MAX_REPORT_MB', '200MB', 'is not a whole number from 1 to 10000 (it is "200MB")'],
    ['DATABASE_URL', 'postgres://weir:can#ary@db/weir', 'cannot be read; in user and password write @ as %40'],
    ['DATABASE_URL', 'postgres://weir:100%canary@db/weir', 'cannot be read; in user and password write @ as %40'],
    ['DATABASE_URL', 'postgres://weir:canary@db:port/weir', 'cannot be read; in user and password write @ as %40'],
    ['DATABASE_URL', '"postgres://weir:canary@db/weir"', 'does not begin with postgres:// (and has no quotation marks'],
    ['WEIR_SECRET_KEY', `"${keyText}"`, 'is not a key of 32 bytes in base64 or hexadecimal'],
    ['WEIR_SECRET_KEY', keyText.replace('H', '!'), 'is not a key of 32 bytes in base64 or hexadecimal'],
    ['WEIR_SECRET_KEYS', `canary,${keyText}`, 'is not a key of 32 bytes in base64 or hexadecimal'],
    ['WEIR_SECRET_KEY_FILE', '/', 'cannot be read from the file /, which is a folder'],
    ['WEIR_SECRET_KEY_FILE', '', 'is to come from a file, but WEIR_SECRET_KEY_FILE is empty'],
    ['WEIR_TOKEN', 'weir_can ary', 'holds something that is no letter, digit or sign of a token'],
  ])('says what is wrong with %s=%s, and prints no secret', (name, value, problem) => {
    const sentence = mistakesOf({ [name]: value }).split('\n')[1] ?? ''
    const variable = name.replace(/_FILE$/, '')
    expect(sentence.startsWith(`- ${variable} ${problem}`), sentence).toBe(true)
    expect(sentence).toContain(`Example: ${variable}=`)
    expect(sentence).not.toMatch(/can[# ]?ary/)
    expect(sentence).not.toContain(keyText.slice(0, 8))
  })

  it('takes blanks around a value and capitals for what is meant', () => {
    const config = readConfig({ WEIR_PORT: ' 80 ', WEIR_LOG_LEVEL: 'WARN', WEIR_ROLES: 'Web', WEIR_METRICS: ' ON' })
    expect(config).toMatchObject({ port: 80, logLevel: 'warn', roles: ['web'], isMetricsOn: true })
  })

  it('takes a database by socket, by default and with an escaped password', () => {
    const urls = ['postgresql:///weir', 'postgres://weir@/weir?host=/run/postgresql', 'postgres://w:a%40b@db:5433/weir']
    for (const url of urls) expect(readConfig({ DATABASE_URL: url }).databaseUrl).toBe(url)
  })

  it('says which variable was probably meant', () => {
    expect(mistakesOf({ WEIR_PUBLIC_ULR: 'https://x.example' })).toContain('The nearest is WEIR_PUBLIC_URL.')
    expect(mistakesOf({ WEIR_SECRETKEY_FILE: '/x' })).toContain('The nearest is WEIR_SECRET_KEY_FILE.')
    expect(mistakesOf({ WEIR_PORT_FILE: '/x' })).toContain('WEIR_PORT does not come from a file.')
    expect(mistakesOf({ WEIR_COLOUR: 'x' })).toContain('docs/configuration.md lists them all.')
    expect(mistakesOf({ PATH: '/bin', OTHER: 'x' })).toBe('')
  })

  it('refuses a public address with a path, a password or another scheme', () => {
    for (const url of [
      'https://x.example/weir',
      'https://me:pw@x.example',
      'ftp://x.example',
      'https://x.example/?a=1',
    ])
      expect(mistakesOf({ WEIR_PUBLIC_URL: url })).toContain('WEIR_PUBLIC_URL')
  })

  it('takes secrets from files, and never prints them', () => {
    const path = join(folder, 'database-url')
    writeFileSync(path, 'postgres://weir:canary@db/weir\n')
    expect(readConfig({ DATABASE_URL_FILE: path }).databaseUrl).toBe('postgres://weir:canary@db/weir')
    expect(mistakesOf({ DATABASE_URL_FILE: path, DATABASE_URL: 'postgres://x' })).toContain('both set')
    expect(mistakesOf({ DATABASE_URL_FILE: join(folder, 'none') })).toContain('cannot be read')
    expect(mistakesOf({ WEIR_SECRET_KEY: 'canary', DATABASE_URL: 'canary' })).not.toContain('canary')
  })

  it('refuses an empty secret but takes another empty variable for one that is not set', () => {
    expect(mistakesOf({ WEIR_SECRET_KEY: '' })).toContain('WEIR_SECRET_KEY is set but empty')
    expect(readConfig({ WEIR_PORT: '' }).port).toBe(8420)
  })

  it('takes a mail server with its sender, and refuses one without the other', () => {
    const from = { WEIR_MAIL_FROM: 'Weir <weir@example.com>' }
    const mailOf = (url: string) => readConfig({ ...from, WEIR_SMTP_URL: url }).mail?.server
    const server = { host: 'mail.example.com', port: 587, isTls: false, user: null, password: null }
    expect(mailOf('smtp://mail.example.com')).toEqual(server)
    expect(mailOf('smtps://we%40ir:p%3Aw@mail.example.com')).toEqual({
      ...server,
      port: 465,
      isTls: true,
      user: 'we@ir',
      password: 'p:w',
    })
    expect(mailOf('smtp://mail.example.com:2525/')).toEqual({ ...server, port: 2525 })
    expect(readConfig({}).mail).toBe(undefined)
    expect(mistakesOf(from)).toContain('WEIR_SMTP_URL is not set, but WEIR_MAIL_FROM is')
    const alone = mistakesOf({ WEIR_SMTP_URL: 'smtp://weir:canary@mail.example.com' })
    expect(alone).toContain('WEIR_MAIL_FROM is not set, but WEIR_SMTP_URL is')
    const wrong = mistakesOf({ WEIR_SMTP_URL: 'smtp://weir:canary@/x', WEIR_MAIL_FROM: 'a@b\nBcc: c@d' })
    expect(wrong).toContain('WEIR_SMTP_URL cannot be read')
    expect(wrong).toContain('WEIR_MAIL_FROM is no mail address')
    expect([alone, wrong].join()).not.toContain('canary')
  })

  it('refuses one key and several keys together', () => {
    expect(mistakesOf({ WEIR_SECRET_KEY: keyText, WEIR_SECRET_KEYS: keyText })).toContain('both set')
  })
})

describe('the secret key', () => {
  it('is made once, for its owner alone, and the same afterwards', () => {
    const dataFolder = join(folder, 'data')
    const first = ensureSecretKeys({ secretKeys: undefined, dataFolder })
    const path = join(dataFolder, 'secret.key')
    expect(first.madeAt).toBe(path)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const second = ensureSecretKeys({ secretKeys: undefined, dataFolder })
    expect(second.madeAt).toBeUndefined()
    expect(createSecretBox(second.keys).open(createSecretBox(first.keys).seal('x', 'row'), 'row')).toBe('x')
  })

  it('is closed to others again when it was copied back with the rights of any file', () => {
    const dataFolder = mkdtempSync(join(folder, 'copied-'))
    const path = join(dataFolder, 'secret.key')
    writeFileSync(path, `${Buffer.alloc(32, 5).toString('base64url')}\n`)
    chmodSync(path, 0o644)
    expect(ensureSecretKeys({ secretKeys: undefined, dataFolder }).keys).toEqual([Buffer.alloc(32, 5)])
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('is the configured one where there is one, and then no file is made', () => {
    const dataFolder = join(folder, 'untouched')
    const keys = [Buffer.alloc(32, 1)]
    expect(ensureSecretKeys({ secretKeys: keys, dataFolder })).toEqual({ keys, madeAt: undefined })
    expect(() => readFileSync(join(dataFolder, 'secret.key'))).toThrow(/ENOENT/)
  })

  it('that is damaged stops the start', () => {
    const dataFolder = mkdtempSync(join(folder, 'damaged-'))
    writeFileSync(join(dataFolder, 'secret.key'), 'short')
    expect(() => ensureSecretKeys({ secretKeys: undefined, dataFolder })).toThrow(/damaged/)
  })
})
