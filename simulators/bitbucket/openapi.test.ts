import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, isObject } from './json.ts'
import { type Document, findOperation, schemaProblems } from './openapi-checker.ts'
import { endpoints } from './routes/endpoints.ts'
import { type Simulator, startSimulator } from './simulator.ts'
import { type Ask, askAs, type Reply } from './try-api.ts'

const folder = new URL('../../../shared/real/bitbucket/', import.meta.url)
const present = existsSync(folder)

function load(name: string): Document {
  const parsed: unknown = JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
  if (!isObject(parsed)) throw new Error(`${name} is no object`)
  return parsed
}

/** Where recorded answers and the document differ, the recordings win. */
const knownDifferences = [
  // Nested objects are documented as closed, yet every recording has `type` and more links in them.
  /\.type: not in the schema$/,
  /\.links(\.[\w-]+)?: not in the schema$/,
  // The scp-like address of a repository is no URI.
  /\.clone\[1\]\.href: not a uri$/,
  // Recorded as a list (possibly empty); documented as one word.
  /\.attributes: /,
  // Documented as an object; every recording and every client has the plain value.
  /\.data\[\d+\]\.value: not object$/,
]

/** Answered by the remote, in use by clients, and not in the document. */
const undocumented = [
  'GET /repositories/:workspace/:slug/commit/:commit/statuses/build',
  'GET /repositories/:workspace/:slug/src/:commit',
]

/** Documented with no answer but the errors. */
const unsaid = ['GET /user/emails']

interface Step {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** One of our endpoints' paths. */
  path: string
  /** Values of its parameters, besides those every step has. */
  with?: Record<string, string>
  query?: string
  body?: unknown
  /** Keeps a value of the answer as parameter of later steps. */
  keep?: Record<string, string[]>
}

function fill(path: string, values: Record<string, string>): string {
  return path.replace(/:(\w+)|\*$/g, (all, name: string | undefined) => {
    const value = values[name ?? '*']
    if (value === undefined) throw new Error(`no value for ${all} in ${path}`)
    return name === undefined ? value : encodeURIComponent(value)
  })
}

const repository = '/repositories/:workspace/:slug'
const pull = `${repository}/pullrequests/:id`
const commit = `${repository}/commit/:commit`

const modernSteps: Step[] = [
  { method: 'GET', path: '/user' },
  { method: 'GET', path: '/user/emails' },
  { method: 'GET', path: '/user/workspaces' },
  { method: 'GET', path: '/user/workspaces/:workspace/permission' },
  { method: 'GET', path: '/user/workspaces/:workspace/permissions/repositories' },
  { method: 'GET', path: '/users/:user' },
  { method: 'GET', path: '/workspaces/:workspace' },
  { method: 'GET', path: '/workspaces/:workspace/members' },
  { method: 'GET', path: '/workspaces/:workspace/members/:member' },
  { method: 'GET', path: '/workspaces/:workspace/permissions' },
  { method: 'GET', path: '/workspaces/:workspace/permissions/repositories' },
  { method: 'GET', path: '/workspaces/:workspace/permissions/repositories/:slug' },
  { method: 'GET', path: '/workspaces/:workspace/projects' },
  { method: 'GET', path: '/workspaces/:workspace/projects/:key', with: { key: 'FIN' } },
  { method: 'GET', path: '/repositories/:workspace' },
  { method: 'GET', path: repository },
  { method: 'PUT', path: repository, body: { description: 'Bookkeeping' } },
  { method: 'GET', path: `${repository}/refs` },
  { method: 'GET', path: `${repository}/refs/branches` },
  { method: 'POST', path: `${repository}/refs/branches`, body: { name: 'try', target: { hash: 'main' } } },
  { method: 'GET', path: `${repository}/refs/branches/*`, with: { '*': 'try' } },
  { method: 'DELETE', path: `${repository}/refs/branches/*`, with: { '*': 'try' } },
  { method: 'GET', path: `${repository}/refs/tags` },
  { method: 'GET', path: `${repository}/refs/tags/*`, with: { '*': '3.1.0' } },
  { method: 'GET', path: `${repository}/commits`, query: 'pagelen=3' },
  { method: 'GET', path: `${repository}/commits/*`, with: { '*': 'main' } },
  { method: 'GET', path: commit, with: { commit: 'bugfix/booked-only' }, keep: { commit: ['hash'] } },
  { method: 'GET', path: `${commit}/pullrequests` },
  { method: 'GET', path: `${repository}/diffstat/*`, with: { '*': 'chore%2Flog4j..main' } },
  { method: 'GET', path: `${repository}/diff/*`, with: { '*': 'main' } },
  { method: 'GET', path: `${repository}/patch/*`, with: { '*': 'main' } },
  { method: 'GET', path: `${repository}/merge-base/*`, with: { '*': 'chore%2Flog4j..main' } },
  { method: 'GET', path: `${repository}/src` },
  { method: 'GET', path: `${repository}/src/:commit` },
  { method: 'GET', path: `${repository}/src/:commit/*`, with: { '*': 'src/main' } },
  {
    method: 'GET',
    path: `${repository}/pullrequests`,
    query: 'state=ALL&fields=%2Bvalues.reviewers,%2Bvalues.participants',
  },
  { method: 'GET', path: `${repository}/pullrequests/activity` },
  { method: 'GET', path: pull },
  { method: 'PUT', path: pull, body: { title: 'Only what is booked' } },
  { method: 'GET', path: `${pull}/commits` },
  { method: 'GET', path: `${pull}/diff` },
  { method: 'GET', path: `${pull}/diffstat` },
  { method: 'GET', path: `${pull}/patch` },
  { method: 'POST', path: `${pull}/approve` },
  { method: 'DELETE', path: `${pull}/approve` },
  { method: 'POST', path: `${pull}/request-changes` },
  { method: 'DELETE', path: `${pull}/request-changes` },
  {
    method: 'POST',
    path: `${pull}/comments`,
    body: { content: { raw: 'see' }, inline: { path: 'pom.xml', to: 3 } },
    keep: { comment: ['id'] },
  },
  { method: 'GET', path: `${pull}/comments` },
  { method: 'GET', path: `${pull}/comments/:comment` },
  { method: 'PUT', path: `${pull}/comments/:comment`, body: { content: { raw: 'saw' } } },
  { method: 'POST', path: `${pull}/comments/:comment/resolve` },
  { method: 'GET', path: `${pull}/activity` },
  { method: 'DELETE', path: `${pull}/comments/:comment/resolve` },
  { method: 'POST', path: `${pull}/tasks`, body: { content: { raw: 'do' } }, keep: { task: ['id'] } },
  { method: 'GET', path: `${pull}/tasks` },
  { method: 'GET', path: `${pull}/tasks/:task` },
  { method: 'PUT', path: `${pull}/tasks/:task`, body: { state: 'RESOLVED' } },
  { method: 'DELETE', path: `${pull}/tasks/:task` },
  { method: 'DELETE', path: `${pull}/comments/:comment` },
  {
    method: 'POST',
    path: `${commit}/comments`,
    body: { content: { raw: 'look' }, inline: { path: 'pom.xml', to: 3 } },
    keep: { comment: ['id'] },
  },
  { method: 'GET', path: `${commit}/comments` },
  { method: 'GET', path: `${commit}/comments/:comment` },
  { method: 'PUT', path: `${commit}/comments/:comment`, body: { content: { raw: 'looked' } } },
  { method: 'DELETE', path: `${commit}/comments/:comment` },
  {
    method: 'POST',
    path: `${commit}/statuses/build`,
    body: { key: 'k', state: 'FAILED', url: 'https://a.example/', name: 'n' },
  },
  { method: 'GET', path: `${commit}/statuses` },
  { method: 'GET', path: `${commit}/statuses/build` },
  { method: 'GET', path: `${commit}/statuses/build/:key`, with: { key: 'k' } },
  { method: 'PUT', path: `${commit}/statuses/build/:key`, with: { key: 'k' }, body: { state: 'SUCCESSFUL' } },
  { method: 'GET', path: `${pull}/statuses` },
  {
    method: 'PUT',
    path: `${commit}/reports/:report`,
    with: { report: 'r' },
    body: { title: 't', details: 'd', report_type: 'SECURITY', data: [{ title: 'n', type: 'NUMBER', value: 3 }] },
  },
  { method: 'GET', path: `${commit}/reports` },
  { method: 'GET', path: `${commit}/reports/:report`, with: { report: 'r' } },
  {
    method: 'POST',
    path: `${commit}/reports/:report/annotations`,
    with: { report: 'r' },
    body: [{ external_id: 'a', annotation_type: 'VULNERABILITY', summary: 's', severity: 'HIGH' }],
  },
  { method: 'GET', path: `${commit}/reports/:report/annotations`, with: { report: 'r' } },
  { method: 'GET', path: `${commit}/reports/:report/annotations/:annotation`, with: { report: 'r', annotation: 'a' } },
  {
    method: 'PUT',
    path: `${commit}/reports/:report/annotations/:annotation`,
    with: { report: 'r', annotation: 'a' },
    body: { summary: 't' },
  },
  {
    method: 'DELETE',
    path: `${commit}/reports/:report/annotations/:annotation`,
    with: { report: 'r', annotation: 'a' },
  },
  { method: 'DELETE', path: `${commit}/reports/:report`, with: { report: 'r' } },
  ...[`${repository}/hooks`, '/workspaces/:workspace/hooks'].flatMap((base): Step[] => [
    {
      method: 'POST',
      path: base,
      body: { url: 'http://127.0.0.1:9/', events: ['repo:push'], description: 'd' },
      keep: { uid: ['uuid'] },
    },
    { method: 'GET', path: base },
    { method: 'GET', path: `${base}/:uid` },
    { method: 'PUT', path: `${base}/:uid`, body: { active: false } },
    { method: 'DELETE', path: `${base}/:uid` },
  ]),
  { method: 'GET', path: '/hook_events' },
  { method: 'GET', path: '/hook_events/:subject', with: { subject: 'workspace' } },
  { method: 'POST', path: `${pull}/merge`, body: {} },
  { method: 'GET', path: `${pull}/merge/task-status/:task`, with: { task: '1' } },
  {
    method: 'POST',
    path: `${repository}/pullrequests`,
    body: { title: 'New', source: { branch: { name: 'feature/new' } } },
    keep: { id: ['id'] },
  },
  { method: 'POST', path: `${pull}/decline` },
]

const issue = `${repository}/issues/:id`

const legacySteps: Step[] = [
  { method: 'GET', path: '/repositories' },
  { method: 'GET', path: '/workspaces' },
  { method: 'GET', path: '/user/permissions/workspaces' },
  { method: 'GET', path: '/user/permissions/repositories' },
  { method: 'GET', path: '/snippets' },
  { method: 'GET', path: repository },
  { method: 'GET', path: '/hook_events/:subject', with: { subject: 'repository' } },
  {
    method: 'POST',
    path: `${repository}/issues`,
    body: { title: 'one', content: { raw: 'text' } },
    keep: { id: ['id'] },
  },
  { method: 'GET', path: `${repository}/issues` },
  { method: 'PUT', path: issue, body: { state: 'open' } },
  {
    method: 'POST',
    path: `${issue}/changes`,
    body: { changes: { state: { new: 'resolved' } }, message: { raw: 'done' } },
    keep: { change: ['id'] },
  },
  { method: 'GET', path: `${issue}/changes` },
  { method: 'GET', path: `${issue}/changes/:change` },
  { method: 'POST', path: `${issue}/comments`, body: { content: { raw: 'hello' } }, keep: { comment: ['id'] } },
  { method: 'GET', path: `${issue}/comments` },
  { method: 'GET', path: `${issue}/comments/:comment` },
  { method: 'PUT', path: `${issue}/comments/:comment`, body: { content: { raw: 'hi' } } },
  { method: 'DELETE', path: `${issue}/comments/:comment` },
  { method: 'GET', path: issue },
  { method: 'DELETE', path: issue },
]

/** What an answer says against the document: undocumented operation or status, or a body that breaks the schema. */
function problems(document: Document, step: Step, reply: Reply): string[] {
  const name = `${step.method} ${step.path}`
  const operation = findOperation(document, step.method, step.path)
  if (operation === undefined) return undocumented.includes(name) ? [] : [`${name}: not in the document`]
  // `default` is what goes wrong.
  const response =
    operation.responses[String(reply.status)] ?? (reply.status >= 400 ? operation.responses['default'] : undefined)
  // Redirects, errors and a few plain answers are left out of the document.
  if (response === undefined && (reply.status >= 300 || unsaid.includes(name))) return []
  const schema = at(response, 'schema')
  if (schema === undefined || reply.body === undefined)
    return response === undefined ? [`${name}: ${reply.status} is not documented`] : []
  return schemaProblems(document, schema, reply.body)
    .filter((one) => !knownDifferences.some((pattern) => pattern.test(one)))
    .map((one) => `${name} ${reply.status}: ${one}`)
}

async function walk(
  document: Document,
  ask: Ask,
  input: { steps: Step[]; values: Record<string, string> },
): Promise<string[]> {
  const values = { ...input.values }
  const found: string[] = []
  for (const step of input.steps) {
    const path = fill(step.path, { ...values, ...step.with })
    const reply = await ask(step.method, step.query === undefined ? path : `${path}?${step.query}`, step.body)
    const expected = step.path.endsWith('/task-status/:task') ? 404 : undefined
    if (expected === undefined ? reply.status >= 400 : reply.status !== expected)
      found.push(`${step.method} ${path}: ${reply.status} ${reply.text}`)
    found.push(...problems(document, step, reply))
    for (const [name, where] of Object.entries(step.keep ?? {})) values[name] = String(reply.at(...where))
  }
  return found
}

// The documents lie beside the checkout. Where they are absent only CI insists on them.
describe.runIf(present || process.env['CI'] !== undefined)('every answer fits the published API description', () => {
  let modern: Simulator
  let legacy: Simulator

  beforeAll(async () => {
    modern = await startSimulator({ repositories: 2 })
    legacy = await startSimulator({ repositories: 1, mode: 'legacy' })
  })
  afterAll(async () => {
    await modern.close()
    await legacy.close()
  })

  test('in 2026 mode', async () => {
    const document = load('openapi-2026.json')
    const ask = askAs(modern, 'mara-lind')
    await ask('POST', '/repositories/meadow-goods/ledger-core/refs/branches', {
      name: 'feature/new',
      target: { hash: 'chore/log4j' },
    })
    const mara = modern.users[0]?.uuid ?? ''
    const values = { workspace: 'meadow-goods', slug: 'ledger-core', id: '3', commit: 'main', user: mara, member: mara }
    expect(await walk(document, ask, { steps: modernSteps, values })).toEqual([])
  })

  test('in legacy mode, where the tracker and the listings across workspaces still are', async () => {
    const document = load('openapi-with-issues.json')
    const values = { workspace: 'meadow-goods', slug: 'ledger-core' }
    expect(await walk(document, askAs(legacy, 'mara-lind'), { steps: legacySteps, values })).toEqual([])
  })
})

test('every endpoint is walked through', () => {
  const walked = new Set([...modernSteps, ...legacySteps].map((step) => `${step.method} ${step.path}`))
  const tracker = new RegExp('/(issues/:id/:part|components|milestones|versions)|issues(/:id)?$')
  const missing = endpoints
    .map((one) => `${one.method} ${one.path}`)
    .filter((name) => !walked.has(name) && !tracker.test(name))
  expect(missing).toEqual([])
})
