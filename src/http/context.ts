import type { AttachmentLimits } from '../domain/attachment-type.ts'
import type { Clock } from '../lib/clock.ts'
import type { HttpClient } from '../lib/http-client.ts'
import type { NewId } from '../lib/ids.ts'
import type { Log } from '../lib/log.ts'
import type { MailTransport } from '../lib/mail-transport.ts'
import type { SecretBox } from '../lib/secret-box.ts'
import type { OpenDatabase } from '../store/db.ts'
import type { Enqueue } from '../store/sync/jobs.ts'
import type { Accounts } from '../usecases/access/accounts.ts'
import type { RequestBudgets } from '../usecases/remotes/request-budgets.ts'

export type HttpSettings = {
  /** Origin without a slash at its end. Read it when it is needed: a free port is known only once it is taken. */
  readonly publicUrl: string
  /** Whether browsers keep `Secure` cookies here: https, or this very machine. */
  isSecureContext: boolean
  /** Addresses and ranges whose X-Forwarded-* headers count. */
  trustedProxies: readonly string[]
  isMetricsOn: boolean
  isDemo: boolean
  version: string
  maxReportBytes: number
  maxResults: number
  /** Days for which the report of an applied import is kept; 0 keeps none. */
  importFileDays: number
  /** What the files of evidence of an organization may take in all, and how many one vulnerability may have. */
  maxEvidenceBytes: number
  maxEvidenceFiles: number
  /** What may be attached to a message. */
  attachmentLimits: AttachmentLimits
  /** Ours alone; uploads lie there while they are read. */
  tempFolder: string
  bitbucketApiUrl: string
  bitbucketWebUrl: string
  jiraApiUrl: string
  jiraLoginUrl: string
  /** As an administrator listed them: ranges, addresses and host:port pairs. */
  allowedPrivateAddresses: readonly string[]
  /** Folder of the built page. */
  webFolder: string
}

/** All that answering a request may need; each use case names the few things it takes of it. */
export type HttpContext = {
  db: OpenDatabase['db']
  preparedDb: OpenDatabase['preparedDb']
  timedDb: OpenDatabase['timedDb']
  pool: OpenDatabase['pool']
  listen: OpenDatabase['listen']
  clock: Clock
  newId: NewId
  log: Log
  http: HttpClient
  /** Undefined: no e-mail is sent. */
  mail: MailTransport | undefined
  secretBox: SecretBox
  accounts: Accounts
  budgets: RequestBudgets
  enqueue: Enqueue
  settings: HttpSettings
  /** Parts beyond the database that must work before requests are sent here; each throws when it does not. */
  readiness: Readonly<Record<string, () => Promise<void>>>
  /** Tells whoever runs Weir how to set it up: on the first start, and after a demo was wiped. */
  showSetupToken: (token: string) => void
}
