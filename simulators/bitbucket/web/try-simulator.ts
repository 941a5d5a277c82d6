import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Fastify from 'fastify'
import { gitText } from '../git/run-git.ts'
import type { Mode, Person, Repository, Workspace } from '../model.ts'
import { newProjectAdministration } from '../operations/new-administration.ts'
import { newRepository } from '../operations/new-repository.ts'
import { createSim, type Sim, stableUuid } from '../state.ts'
import { defaultSwitches } from '../switches.ts'
import { registerWebPages } from './register-web-pages.ts'

/** A small simulator of its own for the tests of the pages: invented people, one private repository with a pull request. */
export interface TrySimulator {
  sim: Sim
  repository: Repository
  workspace: Workspace
  people: { owner: Person; writer: Person; reader: Person; stranger: Person }
  /** Requests without a server; follows nothing. */
  ask: (ask: Ask) => Promise<Reply>
  /** Logs in and answers the cookie to send. */
  logIn: (person: Person) => Promise<string>
  listen: () => Promise<string>
  close: () => Promise<void>
}

interface Ask {
  path: string
  cookie?: string
  /** Makes it a POST. */
  form?: Record<string, string>
}

interface Reply {
  status: number
  body: string
  location: string
  headers: Record<string, unknown>
}

const madeOn = '2026-11-01T09:00:00.000000+00:00'

function makePerson(seed: number, name: string, role: string): Person {
  const username = name.toLowerCase().replace(' ', '-')
  return {
    kind: 'user',
    uuid: stableUuid(seed, username),
    accountId: `557058:${username}`,
    username,
    displayName: name,
    email: `${username}@acme.example`,
    password: `${username}-password`,
    role,
    createdOn: madeOn,
  }
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`
}

/** One commit for `git fast-import`. */
function commit(branch: string, message: string, files: Record<string, string>, from = ''): string {
  const when = 'Wanda Writer <wanda-writer@acme.example> 1793523600 +0000'
  const changes = Object.entries(files).map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`)
  return `commit refs/heads/${branch}\nauthor ${when}\ncommitter ${when}\n${data(message)}${from}${changes.join('')}\n`
}

const lines = Array.from({ length: 30 }, (_, index) => `const line${index + 1} = ${index + 1}`)

async function makeHistory(directory: string): Promise<{ main: string; topic: string }> {
  await gitText(directory, ['init', '-q', '--bare', '-b', 'main', '.'])
  const files = { 'README.md': '# Shop\n\nSells <b>things</b>.\n', 'src/login.ts': `${lines.join('\n')}\n` }
  const changed = lines.with(11, 'const query = "select <script>alert(1)</script>"').join('\n')
  const stream =
    commit('main', 'Start\n', files) +
    commit(
      'feature/login',
      'Add login\n\nWith a query.\n',
      { 'src/login.ts': `${changed}\n` },
      'from refs/heads/main\n',
    )
  await gitText(directory, ['fast-import', '--quiet'], { stdin: stream })
  const [main = '', topic = ''] = (await gitText(directory, ['rev-parse', 'main', 'feature/login'])).split('\n')
  return { main, topic }
}

function makeWorkspace(seed: number, people: TrySimulator['people']): Workspace {
  const project = {
    ...newProjectAdministration(),
    uuid: stableUuid(seed, 'project'),
    key: 'SHOP',
    name: 'Shop',
    description: '',
    isPrivate: true,
    createdOn: madeOn,
    updatedOn: madeOn,
  }
  return {
    uuid: stableUuid(seed, 'workspace'),
    slug: 'acme',
    name: 'Acme',
    createdOn: madeOn,
    members: [
      { person: people.owner, role: 'owner' },
      { person: people.writer, role: 'member' },
      { person: people.reader, role: 'member' },
    ],
    groups: [],
    projects: [project],
  }
}

function makeRepository(
  sim: Sim,
  input: { workspace: Workspace; directory: string; people: TrySimulator['people'] },
): Repository {
  const { workspace, directory, people } = input
  const [project] = workspace.projects
  if (project === undefined) throw new Error('the workspace has no project')
  const uuid = stableUuid(sim.seed, 'repository')
  return newRepository(
    { uuid, slug: 'shop', name: 'Shop', workspace, project, createdOn: madeOn, directory },
    {
      language: 'typescript',
      hasIssues: sim.mode === 'legacy',
      permissions: new Map([
        [people.writer.uuid, 'write'],
        [people.reader.uuid, 'read'],
      ]),
    },
  )
}

export async function startTrySimulator(mode: Mode): Promise<TrySimulator> {
  const seed = 7
  const directory = await mkdtemp(join(tmpdir(), 'simulated-bitbucket-'))
  const sim = createSim({ mode, seed, clock: Date.now, switches: defaultSwitches(), gitRoot: directory })
  const people = {
    owner: makePerson(seed, 'Olga Owner', 'Owner of the workspace'),
    writer: makePerson(seed, 'Wanda Writer', 'Developer'),
    reader: makePerson(seed, 'Rita Reader', 'Reads only'),
    stranger: makePerson(seed, 'Sam Stranger', 'Of another workspace'),
  }
  sim.people.push(...Object.values(people))
  const workspace = makeWorkspace(seed, people)
  sim.workspaces.push(workspace)
  const repository = makeRepository(sim, { workspace, directory, people })
  sim.repositories.push(repository)
  const { main, topic } = await makeHistory(directory)
  repository.pullRequests.push({
    id: 1,
    title: 'Add login',
    description: 'Adds the **login**.',
    state: 'OPEN',
    draft: false,
    author: people.writer,
    sourceBranch: 'feature/login',
    sourceHash: topic,
    destinationBranch: 'main',
    destinationHash: main,
    mergeCommit: null,
    closedBy: null,
    reason: '',
    closeSourceBranch: false,
    reviewers: [people.owner],
    participants: [{ person: people.owner, role: 'REVIEWER', approved: false, state: null, participatedOn: null }],
    comments: [],
    tasks: [],
    activity: [],
    createdOn: madeOn,
    updatedOn: madeOn,
  })
  return { sim, repository, workspace, people, ...serve(sim, directory) }
}

function serve(sim: Sim, directory: string): Pick<TrySimulator, 'ask' | 'logIn' | 'listen' | 'close'> {
  const server = Fastify({
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 1000 },
  })
  registerWebPages(server, sim)
  const ask = async ({ path, cookie, form }: Ask): Promise<Reply> => {
    const reply = await server.inject({
      method: form === undefined ? 'GET' : 'POST',
      url: path,
      headers: {
        ...(cookie === undefined ? {} : { cookie }),
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(form === undefined ? {} : { payload: new URLSearchParams(form).toString() }),
    })
    return {
      status: reply.statusCode,
      body: reply.body,
      location: reply.headers.location ?? '',
      headers: reply.headers,
    }
  }
  return {
    ask,
    logIn: async (person) => {
      const reply = await ask({
        path: '/account/signin/',
        form: { username: person.username, password: person.password },
      })
      return String(reply.headers['set-cookie']).split(';')[0] ?? ''
    },
    listen: async () => {
      const address = await server.listen({ host: '127.0.0.1', port: 0 })
      sim.urls = { api: `${address}/2.0`, web: address }
      return address
    },
    close: async () => {
      sim.stopping.abort()
      await server.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
