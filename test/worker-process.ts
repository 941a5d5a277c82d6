import { createQueue } from '../src/jobs/queue.ts'
import { startWorker } from '../src/jobs/worker.ts'
import { createHttpClient } from '../src/lib/http-client.ts'
import { createNewId } from '../src/lib/ids.ts'
import { createLog } from '../src/lib/log.ts'
import { createMailTransport } from '../src/lib/mail-transport.ts'
import { createRemember } from '../src/lib/remember.ts'
import { createSecretBox } from '../src/lib/secret-box.ts'
import { openDatabase } from '../src/store/db.ts'
import { createSessionLocks } from '../src/store/session-locks.ts'
import { openConnection, openJiraConnection } from '../src/usecases/remotes/open-connection.ts'
import { createRequestBudgets } from '../src/usecases/remotes/request-budgets.ts'
import { withoutGit } from './without-git.ts'

// A worker in a process of its own, to be killed: WORKER_DATABASE_URL and WORKER_REMOTE_HOST say where it works, and
// WORKER_MAIL_PORT, where it is set, by which mail server of this machine it sends.
const databaseUrl = process.env['WORKER_DATABASE_URL'] ?? ''
const log = createLog({ level: 'silent' })
const clock = () => new Date()
const { db, preparedDb } = await openDatabase({ url: databaseUrl }, { poolSize: 5 })
const http = createHttpClient({ allowedPrivateAddresses: (process.env['WORKER_REMOTE_HOST'] ?? '').split(',') })
const mailPort = Number(process.env['WORKER_MAIL_PORT'] ?? 0)
const server = { host: '127.0.0.1', port: mailPort, isTls: false, user: null, password: null }
const secretBox = createSecretBox([new Uint8Array(32).fill(7)])
const budgets = createRequestBudgets({ db, clock })
await startWorker({
  db,
  preparedDb,
  clock,
  newId: createNewId(),
  log,
  http,
  secretBox,
  mail: mailPort === 0 ? undefined : createMailTransport({ server, from: 'weir@weir.example' }),
  locks: createSessionLocks({ databaseUrl, log }),
  connect: (key) => openConnection({ db: preparedDb, http, secretBox, clock, log, budgets }, key),
  connectJira: (key) => openJiraConnection({ db, http, secretBox, clock, log, budgets }, key),
  publicUrl: 'https://weir.example',
  remember: createRemember({ clock, ttlMs: 60_000, limit: 100 }),
  queue: await createQueue({ databaseUrl, log, role: 'worker' }),
  git: withoutGit,
  setUpRepositories: async () => undefined,
  checkConnection: async () => undefined,
})
process.stdout.write('working\n')
