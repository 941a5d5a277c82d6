import { isIP } from 'node:net'
import * as z from 'zod'
import {
  address,
  databaseUrl,
  flag,
  list,
  mailSender,
  mailServer,
  secretKey,
  type Variable,
  web,
  whole,
  word,
} from './config-schemas.ts'
import { attachmentTypes } from './domain/attachment-type.ts'
import { parseAllowedAddress } from './lib/address-guard.ts'

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
  WEIR_JIRA_API_URL: {
    schema: address(web, true),
    default: 'https://api.atlassian.com',
    example: 'https://api.atlassian.com',
    meaning: 'The gateway to Jira Cloud for OAuth and API tokens with scopes; another one only for a simulated Jira.',
  },
  WEIR_JIRA_LOGIN_URL: {
    schema: address(web, true),
    default: 'https://auth.atlassian.com',
    example: 'https://auth.atlassian.com',
    meaning: 'Where people log in to Jira Cloud and consent (OAuth).',
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
  WEIR_EVIDENCE_GB: {
    schema: whole(1, 100_000),
    default: '5',
    example: '20',
    meaning: 'Gigabytes that the files of evidence of one organization may take in all; they are kept in the database.',
  },
  WEIR_EVIDENCE_FILES: {
    schema: whole(1, 1000),
    default: '20',
    example: '50',
    meaning: 'Most files of evidence one vulnerability may have at a time.',
  },
  WEIR_ATTACHMENT_MB: {
    schema: whole(1, 100),
    default: '10',
    example: '25',
    meaning: 'Largest file that may be attached to a message, and that is fetched from a tracker, in megabytes.',
  },
  WEIR_ATTACHMENT_MESSAGE_MB: {
    schema: whole(1, 500),
    default: '25',
    example: '50',
    meaning: 'What the files of one message may take in all, in megabytes; there may be ten of them.',
  },
  WEIR_ATTACHMENT_TYPES: {
    schema: list.pipe(
      z.array(z.enum(attachmentTypes, `holds something that is none of ${attachmentTypes.join(', ')}`)).min(1),
    ),
    default:
      'image/png,image/jpeg,image/gif,image/webp,application/pdf,text/plain,application/zip,application/gzip,video/mp4,video/webm',
    example: 'image/png,image/jpeg,text/plain',
    meaning: `What may be attached to a message, judged by content and not by name: ${attachmentTypes.join(', ')}.`,
  },
  WEIR_GIT_FOLDER: {
    schema: z.string().regex(/^[^~]/, 'begins with ~, which only a shell understands'),
    example: '/var/cache/weir-git',
    meaning:
      'Folder of the copies of repositories from which commits and sizes are read; it may be emptied at any time and needs no backup. Not set: git in the data folder.',
  },
  WEIR_GIT_REPOSITORY_MB: {
    schema: whole(1, 1_000_000),
    default: '5000',
    example: '20000',
    meaning: 'What the copy of one repository may take on disk, in megabytes; a larger one is not read.',
  },
  WEIR_GIT_FREE_MB: {
    schema: whole(0, 10_000_000),
    default: '2000',
    example: '10000',
    meaning: 'What is to stay free on the disk of WEIR_GIT_FOLDER, in megabytes; with less no copy is made or renewed.',
  },
  WEIR_SMTP_URL: {
    schema: mailServer,
    example: 'smtp://weir:secret@mail.example.com:587',
    meaning:
      'Mail server for e-mail to members: smtp:// (STARTTLS, port 587) or smtps:// (TLS at once, port 465), with user and password where it asks for them. Not set: no e-mail is sent. Needs WEIR_MAIL_FROM.',
    isSecret: true,
  },
  WEIR_MAIL_FROM: {
    schema: mailSender,
    example: 'Weir <weir@example.com>',
    meaning: 'Sender of the e-mail, one the mail server accepts from Weir. Needs WEIR_SMTP_URL.',
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
