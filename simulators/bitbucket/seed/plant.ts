import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { accessTokenScopes, apiTokenScopes, livingScopes, oauthScopes } from '../auth/scopes.ts'
import type { Credential, Person, Project, Repository, Workspace } from '../model.ts'
import { newProjectAdministration } from '../operations/new-administration.ts'
import { newRepository } from '../operations/new-repository.ts'
import { type Sim, stableSecret, stableUuid } from '../state.ts'
import { buildHistory } from './build-history.ts'
import { templateCopier } from './copy-template.ts'
import { importHistory } from './import-history.ts'
import { seedGroups, seedPeople, seedProjects, seedWorkspace } from './people.ts'
import { plantPipelines } from './plant-pipelines.ts'
import { plantPullRequests } from './plant-pull-requests.ts'
import { seedRepositories } from './repositories.ts'
import type { SeedRepository } from './seed-repository.ts'
import { smallRepository, smallRepositoryNames } from './small-repositories.ts'
import { daysAgo, seedToday } from './today.ts'

function plantPeople(sim: Sim): Workspace {
  const workspace: Workspace = {
    uuid: stableUuid(sim.seed, 'workspace'),
    ...seedWorkspace,
    createdOn: daysAgo(700),
    members: [],
    groups: [],
    projects: seedProjects.map(
      (project): Project => ({
        ...newProjectAdministration(),
        ...project,
        uuid: stableUuid(sim.seed, `project-${project.key}`),
        isPrivate: true,
        createdOn: daysAgo(600),
        updatedOn: daysAgo(200),
      }),
    ),
  }
  sim.workspaces.push(workspace)
  for (const seed of seedPeople) {
    const person: Person = {
      kind: 'user',
      uuid: stableUuid(sim.seed, `person-${seed.key}`),
      accountId: `712020:${stableUuid(sim.seed, `account-${seed.key}`).slice(1, -1)}`,
      username: seed.username,
      displayName: seed.displayName,
      email: seed.email,
      password: seed.password,
      role: seed.role,
      createdOn: daysAgo(690),
    }
    sim.people.push(person)
    if (seed.workspaceRole !== null) workspace.members.push({ person, role: seed.workspaceRole })
  }
  workspace.groups = seedGroups.map(({ slug, name, members }) => ({
    slug,
    name,
    members: sim.people.filter((person) => members.includes(person.username)),
  }))
  return workspace
}

function makeBot(sim: Sim, name: string): Person {
  const uuid = stableUuid(sim.seed, `bot-${name}`)
  const bot: Person = {
    kind: 'app_user',
    uuid,
    accountId: `712020:${uuid.slice(1, -1)}`,
    username: `${name.toLowerCase().replaceAll(' ', '-')}-bot`,
    displayName: name,
    email: `${uuid.slice(1, 9)}@bots.bitbucket.org`,
    password: '',
    role: 'bot',
    createdOn: daysAgo(100),
  }
  sim.people.push(bot)
  return bot
}

/** What somebody ticks who wants to read everything, to answer developers and to start pipelines. */
const consumerScopes = [
  'account',
  'email',
  'project',
  'repository',
  'repository:write',
  'pullrequest',
  'pullrequest:write',
  'webhook',
  'pipeline',
  'pipeline:write',
  'pipeline:variable',
  'snippet',
  'issue',
  'issue:write',
]

export function plantCredentials(sim: Sim, workspace: Workspace, callbackUrl: string): void {
  const add = (credential: Pick<Credential, 'kind' | 'token' | 'person' | 'scopes'> & Partial<Credential>) =>
    sim.credentials.push({ expiresAt: null, revoked: false, resource: null, consumerKey: null, ...credential })
  const [owner] = sim.people
  for (const person of sim.people) {
    add({
      kind: 'api_token',
      token: `ATATT3xFfGF0${stableSecret(sim.seed, `token-${person.username}`, 64)}=7B1C${sim.seed}`,
      person,
      scopes: livingScopes(sim.mode, apiTokenScopes),
    })
  }
  if (owner !== undefined)
    add({
      kind: 'app_password',
      token: `ATBB${stableSecret(sim.seed, 'app-password', 28)}`,
      person: owner,
      scopes: [...oauthScopes],
    })
  const resource = { kind: 'workspace', uuid: workspace.uuid } as const
  add({
    kind: 'access_token',
    token: `ATCTT3xFfGN0${stableSecret(sim.seed, 'workspace-token', 64)}=A17B`,
    person: makeBot(sim, 'Security automation'),
    scopes: [...accessTokenScopes.workspace],
    resource,
  })
  sim.consumers.push({
    key: stableSecret(sim.seed, 'consumer-key', 18),
    secret: stableSecret(sim.seed, 'consumer-secret', 32),
    name: 'Vulnerability desk',
    callbackUrl,
    scopes: livingScopes(sim.mode, consumerScopes),
    isPrivate: true,
    workspace,
    bot: makeBot(sim, 'Vulnerability desk'),
  })
}

function makeRepository(sim: Sim, workspace: Workspace, seed: SeedRepository, directory: string): Repository {
  const project = workspace.projects.find((one) => one.key === seed.projectKey)
  if (project === undefined) throw new Error(`seed: no project ${seed.projectKey}`)
  const days = seed.commits.map((commit) => commit.daysAgo)
  const permissions = new Map(
    seedPeople
      .map((one) => [stableUuid(sim.seed, `person-${one.key}`), one.permission] as const)
      .filter(([, permission]) => permission !== 'none'),
  )
  const identity = {
    uuid: stableUuid(sim.seed, `repository-${seed.slug}`),
    slug: seed.slug,
    name: seed.name,
    workspace,
    project,
    createdOn: daysAgo(Math.max(...days)),
    directory,
  }
  const { description, isPrivate, language, hasIssues } = seed
  const size = 40_000 + seed.slug.length * 997
  const updatedOn = daysAgo(Math.min(...days))
  return newRepository(identity, { description, isPrivate, language, hasIssues, size, updatedOn, permissions })
}

async function plantRepository(sim: Sim, workspace: Workspace, seed: SeedRepository): Promise<Repository> {
  const repository = makeRepository(sim, workspace, seed, join(sim.gitRoot, `${seed.slug}.git`))
  const history = buildHistory(seed, seedToday)
  const hashes = await importHistory(repository.directory, history)
  plantPullRequests(sim, repository, { seed, history, hashes })
  plantPipelines(sim, repository, { seed, hashes })
  return repository
}

/** Copies of one template: cheap enough for hundreds. */
async function plantSmall(sim: Sim, workspace: Workspace, count: number): Promise<Repository[]> {
  if (count === 0) return []
  const template = join(sim.gitRoot, 'template.git')
  await importHistory(template, buildHistory(smallRepository('template'), seedToday))
  const copyTo = templateCopier(template)
  return smallRepositoryNames(count).map((slug) => {
    const directory = join(sim.gitRoot, `${slug}.git`)
    copyTo(directory)
    return makeRepository(sim, workspace, smallRepository(slug), directory)
  })
}

export async function plant(sim: Sim, options: { smallRepositories: number; callbackUrl: string }): Promise<void> {
  const workspace = plantPeople(sim)
  plantCredentials(sim, workspace, options.callbackUrl)
  await mkdir(sim.gitRoot, { recursive: true })
  await writeFile(join(sim.gitRoot, 'README'), 'Repositories of a simulated Bitbucket; removed when it stops.\n')
  const [main, small] = await Promise.all([
    Promise.all(seedRepositories.map(async (seed) => await plantRepository(sim, workspace, seed))),
    plantSmall(sim, workspace, options.smallRepositories),
  ])
  sim.repositories.push(...main, ...small)
}
