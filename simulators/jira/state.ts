import { createHash } from 'node:crypto'
import { Clock } from '../shared/clock.ts'
import type { Forgotten } from '../shared/keep-newest.ts'
import { createOutbox, type Outbox } from '../shared/outbox.ts'
import type {
  Attachment,
  Credential,
  CustomField,
  Delivery,
  Hook,
  Issue,
  Named,
  OAuthApp,
  Person,
  Priority,
  Project,
  RefreshToken,
  RequestRecord,
  Site,
} from './model.ts'
import type { Switches } from './switches.ts'

/** One running simulator. Everything mutable hangs here: no module keeps state, so many can run in one process. */
export interface Sim {
  seed: number
  /** Without a trailing slash; known once the server listens. One host stands for the site, the gateway and the login. */
  url: string
  site: Site
  switches: Switches
  people: Person[]
  projects: Project[]
  priorities: Priority[]
  resolutions: Named[]
  customFields: CustomField[]
  issues: Issue[]
  credentials: Credential[]
  apps: OAuthApp[]
  /** OAuth authorization codes, single use. */
  codes: Map<string, { clientId: string; person: Person; redirectUri: string; scopes: string[]; expiresAt: number }>
  refreshTokens: RefreshToken[]
  /** Web sessions: cookie value → person. */
  sessions: Map<string, Person>
  /** Files at addresses of their own: token → file. */
  media: Map<string, { attachment: Attachment; expiresAt: number }>
  hooks: Hook[]
  deliveries: Delivery[]
  outbox: Outbox
  stopping: AbortController
  requests: RequestRecord[]
  /** Which record a request has. */
  logged: WeakMap<object, RequestRecord>
  /** What is gone from the logs of requests and deliveries, so that they do not grow without end. */
  forgotten: Forgotten
  /** Rate limits: key → times (with points) of the requests still counted. */
  usage: Map<string, { at: number; points: number }[]>
  /** Results of searches kept for their next page: token → issue ids. */
  searches: Map<string, string[]>
  time: Clock
  clock: () => number
  /** Milliseconds, strictly increasing: no two changes share a moment. */
  now: () => number
  newId: () => string
  newUuid: () => string
  newSecret: (length: number) => string
}

/** The same in every run: depends on the seed and the name alone. */
export function stableUuid(seed: number, name: string): string {
  const hex = createHash('sha256').update(`${seed}:${name}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

export function stableSecret(seed: number, name: string, length: number): string {
  let text = ''
  for (let round = 0; text.length < length; round += 1) {
    text += createHash('sha512').update(`${seed}:${name}:${round}`).digest('base64url').replace(/[-_]/g, 'x')
  }
  return text.slice(0, length)
}

/** Jira's timestamp, as in `2026-11-21T10:00:00.000+0000`. */
export function toTimestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '+0000')
}

interface SimOptions {
  seed: number
  clock: () => number
  switches: Switches
}

export function createSim(options: SimOptions): Sim {
  const { seed } = options
  const time = new Clock(options.clock)
  const stopping = new AbortController()
  let last = 0
  let setBacks = 0
  let lastId = 10_099
  let uuids = 0
  let secrets = 0
  return {
    seed,
    url: '',
    site: { cloudId: stableUuid(seed, 'cloud'), name: 'meadow-goods' },
    switches: options.switches,
    people: [],
    projects: [],
    priorities: [],
    resolutions: [],
    customFields: [],
    issues: [],
    credentials: [],
    apps: [],
    codes: new Map(),
    refreshTokens: [],
    sessions: new Map(),
    media: new Map(),
    hooks: [],
    deliveries: [],
    outbox: createOutbox(time, stopping.signal),
    stopping,
    requests: [],
    logged: new WeakMap(),
    forgotten: { requests: 0, deliveries: 0 },
    usage: new Map(),
    searches: new Map(),
    time,
    clock: () => time.now(),
    now: () => {
      // Only a clock that somebody set back makes timestamps go back.
      const isBehind = time.setBacks() !== setBacks
      last = isBehind ? time.now() : Math.max(last + 1, time.now())
      setBacks = time.setBacks()
      return last
    },
    newId: () => String((lastId += 1)),
    newUuid: () => stableUuid(seed, `new-${(uuids += 1)}`),
    newSecret: (length) => stableSecret(seed, `secret-${(secrets += 1)}`, length),
  }
}
