import { existsSync, readFileSync } from 'node:fs'
import { at, isObject } from '../../shared/json.ts'
import type { Endpoint } from '../call.ts'
import type { Mode } from '../model.ts'
import type { Simulator } from '../simulator.ts'
import { type Ask, askAs, asker, type Reply } from '../try-api.ts'
import { type Document, findOperation, schemaProblems } from './check-schema.ts'

/** One request of a walk. */
export interface Step {
  method: Endpoint['method']
  /** One of our endpoints' paths. */
  path: string
  /** Values of its parameters, besides those every step has. */
  with?: Record<string, string>
  query?: string
  body?: unknown
  /** Keeps a value of the answer as parameter of later steps. */
  keep?: Record<string, string[]>
  /** What it must answer; without it anything below 400. */
  status?: number
  /** Who asks instead of the owner: a user name, or null for nobody. */
  as?: string | null
  /** Asks with an API token that has no scopes but these. */
  scopes?: string[]
  /** Asks with this as Bearer token. */
  token?: string
}

/** Requests in order, on a simulator of their own. */
export interface Walk {
  name: string
  mode: Mode
  /** Parameters of the paths, from what the simulator planted. */
  values: (simulator: Simulator) => Record<string, string>
  prepare?: (ask: Ask) => Promise<unknown>
  steps: Step[]
}

const folder = new URL('../../../../shared/real/bitbucket/', import.meta.url)
/** The documents lie beside the checkout. Where they are absent only CI insists on them. */
export const mustWalk = existsSync(folder) || process.env['CI'] !== undefined

export function loadDocument(mode: Mode): Document {
  const name = mode === '2026' ? 'openapi-2026.json' : 'openapi-with-issues.json'
  const parsed: unknown = JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
  if (!isObject(parsed)) throw new Error(`${name} is no object`)
  return parsed
}

/** Where recorded answers and the document differ, the recordings win. */
const knownDifferences = [
  // Nested objects are documented as closed, yet every recording has `type` and more links in them.
  /\.type: not in the schema$/,
  /\.links(\.[\w-]+)?: not in the schema$/,
  // Links of pipelines are documented with a type; the recorded ones have none.
  /\.links(\.(self|steps))?\.type: missing$/,
  // So is the comment that is answered; recorded with its id and links alone.
  /\.parent\.type: missing$/,
  // The scp-like address of a repository is no URI.
  /\.clone\[1\]\.href: not a uri$/,
  // Recorded as a list (possibly empty); documented as one word.
  /\.attributes: /,
  // Documented as an object; every recording and every client has the plain value.
  /\.data\[\d+\]\.value: not object$/,
  // Where a comment on a line was written: recorded in webhooks, left out of the closed object.
  /\.inline\.(outdated|context_lines|src_rev|dest_rev): not in the schema$/,
  // Documented as a text, and closed; recorded with an object of scopes, and with the fields that are wrong.
  /\.error\.detail: not string$/,
  /\.error\.(fields|id): not in the schema$/,
  // Named and shown in the description of the operation, left out of its schema.
  /\.changes\.assignee_account_id: not in the schema$/,
  // The description of the operation names it, the list of values does not.
  /\.status: SUCCESS is not in the enum$/,
]

/** Answered by the remote, in use by clients, and not in the document. */
const undocumented = [
  'GET /repositories/:workspace/:slug/commit/:commit/statuses/build',
  'GET /repositories/:workspace/:slug/src/:commit',
]

/** Documented with no answer but the errors. */
const unsaid = [
  'GET /user/emails',
  'GET /user/emails/:email',
  'DELETE /repositories/:workspace/:slug/issues/:id/vote',
  'GET /repositories/:workspace/:slug/issues/export/:file',
]

/** A path of an endpoint with its parameters put in. */
export function fill(path: string, values: Record<string, string>): string {
  return path.replace(/:(\w+)|\*$/g, (all, name: string | undefined) => {
    const value = values[name ?? '*']
    if (value === undefined) throw new Error(`no value for ${all} in ${path}`)
    return name === undefined ? value : encodeURIComponent(value)
  })
}

/** What an answer says against the document: undocumented operation or status, or a body that breaks the schema. */
function problems(document: Document, step: Step, reply: Reply): string[] {
  const name = `${step.method} ${step.path}`
  // What is gone is in no document any more.
  if (reply.status === 410) return []
  const operation = findOperation(document, step.method, step.path)
  if (operation === undefined) return undocumented.includes(name) ? [] : [`${name}: not in the document`]
  // `default` is what goes wrong.
  const response =
    operation.responses[String(reply.status)] ?? (reply.status >= 400 ? operation.responses['default'] : undefined)
  // Redirects and a few plain answers are left out of the document, and many errors: all have one envelope.
  if (response === undefined && ((reply.status >= 300 && reply.status < 400) || unsaid.includes(name))) return []
  const schema = at(response, 'schema') ?? (reply.status >= 400 ? { $ref: '#/definitions/error' } : undefined)
  if (schema === undefined || reply.body === undefined)
    return response === undefined && reply.status < 400 ? [`${name}: ${reply.status} is not documented`] : []
  return schemaProblems(document, schema, reply.body)
    .filter((one) => !knownDifferences.some((pattern) => pattern.test(one)))
    .map((one) => `${name} ${reply.status}: ${one}`)
}

/** Someone with an API token of their own that may do only this. */
function askWithScopes(simulator: Simulator, username: string, scopes: string[]): Ask {
  const usual = simulator.sim.credentials.find((one) => one.person.username === username && one.kind === 'api_token')
  if (usual === undefined) throw new Error(`${username} has no API token`)
  const token = `few-${simulator.sim.credentials.length}`
  simulator.sim.credentials.push({ ...usual, token, scopes })
  return asker(simulator, `Bearer ${token}`)
}

function askFor(simulator: Simulator, { as = 'mara-lind', scopes, token }: Step): Ask {
  if (token !== undefined) return asker(simulator, `Bearer ${token}`)
  if (as === null) return asker(simulator, undefined)
  return scopes === undefined ? askAs(simulator, as) : askWithScopes(simulator, as, scopes)
}

/** Walks, and answers what does not fit; empty when everything does. `seen` hears what each operation answered. */
export async function takeWalk(
  simulator: Simulator,
  walk: Walk,
  seen?: (operation: string, reply: Reply) => void | Promise<void>,
): Promise<string[]> {
  const document = loadDocument(walk.mode)
  Object.assign(simulator.switches.rateLimits, { anonymous: 1e6, api: 1e6, webhooks: 1e6, raw: 1e6 })
  await walk.prepare?.(askAs(simulator, 'mara-lind'))
  const values = walk.values(simulator)
  const found: string[] = []
  for (const step of walk.steps) {
    const path = fill(step.path, { ...values, ...step.with })
    const asked = step.query === undefined ? path : `${path}?${step.query}`
    const reply = await askFor(simulator, step)(step.method, asked, step.body)
    await seen?.(`${step.method} ${step.path}`, reply)
    if (step.status === undefined ? reply.status >= 400 : reply.status !== step.status)
      found.push(`${step.method} ${asked}: ${reply.status} ${reply.text}`)
    found.push(...problems(document, step, reply))
    for (const [name, where] of Object.entries(step.keep ?? {})) values[name] = String(reply.at(...where))
  }
  return found
}
