import { createHash } from 'node:crypto'
import { Clock } from '../shared/clock.ts'
import type { Forgotten } from '../shared/keep-newest.ts'
import { createOutbox, type Outbox } from '../shared/outbox.ts'
import type { PipelineRun, PipelineVariable } from './model/pipelines.ts'
import type {
  Activity,
  Consumer,
  Credential,
  Delivery,
  Hook,
  MergeTask,
  Mode,
  Person,
  PullRequest,
  Repository,
  RequestRecord,
  Workspace,
} from './model.ts'
import type { OneTimeFile } from './one-time-files.ts'
import type { PastState } from './stale-reads.ts'
import type { Switches } from './switches.ts'

/**
 * One running simulator. Everything mutable hangs here, so that many can run in one process. What modules keep beside it
 * is how git is started and what is not unpacked yet (git/), by folders: each belongs to one simulator alone.
 */
export interface Sim {
  mode: Mode
  seed: number
  /** `api` ends with /2.0; both without a trailing slash. Known once the server listens. */
  urls: { api: string; web: string }
  switches: Switches
  workspaces: Workspace[]
  people: Person[]
  credentials: Credential[]
  consumers: Consumer[]
  /** OAuth authorization codes, single use. */
  codes: Map<
    string,
    {
      consumerKey: string
      person: Person
      redirectUri: string | null
      codeChallenge: string | null
      expiresAt: number
    }
  >
  /** OAuth refresh tokens, with the moments they were issued and used at, in milliseconds. */
  refreshTokens: Map<string, { consumerKey: string; person: Person; issuedAt: number; usedAt: number | null }>
  /** Web sessions: cookie value → person. */
  sessions: Map<string, Person>
  repositories: Repository[]
  hooks: Hook[]
  deliveries: Delivery[]
  outbox: Outbox
  /** What goes on in the background. */
  inFlight: Set<Promise<void>>
  stopping: AbortController
  requests: RequestRecord[]
  /** Which record a request has. */
  logged: WeakMap<object, RequestRecord>
  /** What is gone from the logs of requests and deliveries, so that they do not grow without end. */
  forgotten: Forgotten
  /** Repositories as they were before their last writes, by UUID, oldest first: for stale reads. */
  past: Map<string, PastState[]>
  /** Requests that see the past. */
  views: WeakMap<object, Sim>
  /** Answers of the API so far. */
  answered: number
  /** Rate limits: `bucket key` → times of the requests of the last hour, in milliseconds. */
  usage: Map<string, number[]>
  gitRoot: string
  /** Full name of a deleted repository → where its people went, for those who look in the browser. */
  movedRepositories: Map<string, string>
  /** What happened to a repository's pull requests, newest first, as it was last asked for. */
  happenings: WeakMap<Repository, { count: number; all: Happening[] }>
  /** Serialises pushes and merges of one repository: UUID → tail of the queue. */
  gitQueues: Map<string, Promise<unknown>>
  /** Not with their repositories: of those there are copies, and what is under way cannot be copied. */
  mergeTasks: MergeTask[]
  pipelines: PipelineWork
  /** Token of an address → what it serves once. */
  oneTimeFiles: Map<string, OneTimeFile>
  time: Clock
  /** `time.now()`: milliseconds since 1970. */
  clock: () => number
  /** `YYYY-MM-DDTHH:MM:SS.ffffff+00:00`, strictly increasing. */
  now: () => string
  newUuid: () => string
  newId: () => number
  newSecret: (length: number) => string
}

export interface Happening {
  pullRequest: PullRequest
  activity: Activity
}

/** Pipelines that are under way, and what wakes them. */
export interface PipelineWork {
  runs: { repository: Repository; run: PipelineRun }[]
  /** Tail of the queue of advances: one at a time. */
  advancing: Promise<void>
  /** When the next look at them is, for which somebody waits. */
  look: { at: number } | null
  /** Of workspaces, by their UUID. */
  workspaceVariables: Map<string, PipelineVariable[]>
}

/** A small seeded generator (mulberry32): numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** A UUID in braces that depends on the seed and the name alone: the same in every run. */
export function stableUuid(seed: number, name: string): string {
  const hex = createHash('sha256').update(`${seed}:${name}`).digest('hex')
  return `{${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}}`
}

export function stableSecret(seed: number, name: string, length: number): string {
  return createHash('sha512').update(`${seed}:${name}`).digest('base64url').replace(/[-_]/g, 'x').slice(0, length)
}

/** Bitbucket's timestamp for a moment in microseconds since 1970. */
export function toTimestamp(microseconds: number): string {
  const seconds = new Date(Math.floor(microseconds / 1000)).toISOString().slice(0, 19)
  return `${seconds}.${String(microseconds % 1_000_000).padStart(6, '0')}+00:00`
}

interface SimOptions {
  mode: Mode
  seed: number
  clock: () => number
  switches: Switches
  gitRoot: string
}

export function createSim(options: SimOptions): Sim {
  const random = seededRandom(options.seed)
  const time = new Clock(options.clock)
  const stopping = new AbortController()
  const outbox = createOutbox(time, stopping.signal)
  let lastMicroseconds = 0
  let setBacks = 0
  let lastId = 512_000_000 + Math.floor(random() * 10_000_000)
  let uuids = 0
  let secrets = 0
  return {
    mode: options.mode,
    seed: options.seed,
    urls: { api: '', web: '' },
    switches: options.switches,
    workspaces: [],
    people: [],
    credentials: [],
    consumers: [],
    codes: new Map(),
    refreshTokens: new Map(),
    sessions: new Map(),
    repositories: [],
    hooks: [],
    deliveries: [],
    outbox,
    inFlight: outbox.inFlight,
    stopping,
    requests: [],
    logged: new WeakMap(),
    forgotten: { requests: 0, deliveries: 0 },
    past: new Map(),
    views: new WeakMap(),
    answered: 0,
    usage: new Map(),
    gitRoot: options.gitRoot,
    movedRepositories: new Map(),
    happenings: new WeakMap(),
    gitQueues: new Map(),
    mergeTasks: [],
    pipelines: { runs: [], advancing: Promise.resolve(), look: null, workspaceVariables: new Map() },
    oneTimeFiles: new Map(),
    time,
    clock: () => time.now(),
    now: () => {
      const microseconds = time.now() * 1000
      // Only a clock that somebody set back makes timestamps go back.
      const isBehind = time.setBacks() !== setBacks
      lastMicroseconds = isBehind ? microseconds : Math.max(lastMicroseconds + 1, microseconds)
      setBacks = time.setBacks()
      return toTimestamp(lastMicroseconds + options.switches.clockSkewMs * 1000)
    },
    newUuid: () => stableUuid(options.seed, `new-${(uuids += 1)}`),
    newId: () => (lastId += 1 + Math.floor(random() * 40)),
    newSecret: (length) => stableSecret(options.seed, `secret-${(secrets += 1)}`, length),
  }
}

/** Runs one job after the other for a repository, so that two pushes or merges never interleave. */
export async function inGitQueue<T>(sim: Sim, repository: Repository, job: () => Promise<T>): Promise<T> {
  const before = sim.gitQueues.get(repository.uuid) ?? Promise.resolve()
  const mine = before.then(job, job)
  sim.gitQueues.set(
    repository.uuid,
    mine.catch(() => undefined),
  )
  return mine
}
