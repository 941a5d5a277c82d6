import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isObject } from '../../shared/json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { askAs } from '../try-api.ts'
import { allowInstalling } from './allow-installing.ts'
import { driveClient, reroutePreload } from './drive-client.ts'

allowInstalling()
const repository = '/repositories/meadow-goods/storefront-api'
/** Where the login comes back to; the driver knows which server that stands for. */
const callback = 'http://127.0.0.1:9'
let simulator: Simulator
/** For clients that know no host but bitbucket.org. */
let published: Simulator
let work: string

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'bitbucket-client-'))
  simulator = await startSimulator({ repositories: 0, callbackUrl: callback })
  const publicUrls = { api: 'https://api.bitbucket.org/2.0', web: 'https://bitbucket.org' }
  published = await startSimulator({ repositories: 0, publicUrls })
})
afterAll(async () => {
  await simulator.close()
  await published.close()
  await rm(work, { recursive: true, force: true })
})

test('passport-bitbucket-oauth20: a person logs in to a web application, or denies', async () => {
  const [person] = simulator.users
  const input = { person, consumer: simulator.oauth_consumer, callback }
  expect(await driveClient(simulator, 'passport', { input })).toEqual({
    granted: {
      asks: true,
      status: 200,
      tokens: [true, true],
      who: [
        person?.uuid,
        'Mara Lind',
        'mara-lind',
        [{ primary: true, verified: true, value: 'mara@meadow-goods.example' }],
      ],
    },
    denied: {
      asks: true,
      status: 401,
      message: 'The resource owner or authorization server denied the request',
    },
  })
})

test('openid-client: holds the answers of the token endpoint against the standards, with every grant there is', async () => {
  const input = { person: simulator.users[0], consumer: simulator.oauth_consumer, callback }
  expect(await driveClient(simulator, 'openid-client', { input })).toEqual({
    granted: ['Mara Lind', 'bearer', true],
    denied: 'access_denied',
    renewed: 'Mara Lind',
    used: 'invalid_grant',
    program: 'Vulnerability desk',
  })
})

test('danger: comments on a pull request, on a line and in a build status, and edits what it said', async () => {
  const preload = reroutePreload[1]
  const input = { consumer: published.oauth_consumer, preload, work }
  const runs = await driveClient(published, 'danger', { input })
  expect(runs).toEqual([
    { code: 0, said: expect.stringContaining('Found only warnings, not failing the build.') },
    { code: 0, said: expect.stringContaining('Failing the build, there is 1 fail.') },
  ])
  const ask = askAs(published, 'mara-lind')
  const { values } = await ask('GET', `${repository}/pullrequests/4/comments?q=deleted=false&pagelen=100`)
  const said = values.flatMap((one) =>
    isObject(one) && isObject(one['content']) ? [String(one['content']['raw'])] : [],
  )
  expect(said.filter((raw) => raw.includes('Second look'))).toHaveLength(1)
  expect(said.some((raw) => raw.includes('First look'))).toBe(false)
  expect(said.some((raw) => raw.includes('Package: storefront-api'))).toBe(true)
  expect(said.filter((raw) => raw.includes('On a line'))).toHaveLength(1)
  const statuses = await ask('GET', `${repository}/pullrequests/4/statuses`)
  expect(statuses.values).toContainEqual(expect.objectContaining({ key: 'Danger', state: 'FAILED' }))
})

test('screwdriver-scm-bitbucket: finds repository and rights, keeps one hook and reports a build', async () => {
  const uuid = published.repositories.find((one) => one.slug === 'storefront-api')?.uuid
  const hooks = `https://api.bitbucket.org/2.0${repository}/hooks`
  const input = { consumer: published.oauth_consumer, token: published.workspace_access_token, uuid, hooks }
  expect(await driveClient(published, 'screwdriver', { input, reroute: true })).toEqual({
    repository: true,
    sha: 40,
    author: 'Tomas Okoye',
    file: 'storefront-api',
    pulls: ['PR-6', 'PR-5', 'PR-4'],
    main: true,
    permissions: { admin: true, push: true, pull: true },
    status: 'SUCCESSFUL',
    hooks: 1,
    url: {
      url: 'https://bitbucket.org/meadow-goods/storefront-api',
      name: 'meadow-goods/storefront-api',
      branch: 'main',
      rootDir: '',
    },
  })
})

test('simple-git: clones with a token, pushes a branch and a tag, and is told why an app password is refused', async () => {
  const [mara] = simulator.users
  const input = { mara, work, appPassword: simulator.app_password.password }
  expect(await driveClient(simulator, 'simple-git', { input })).toEqual({
    commit: true,
    pushed: [['refs/heads/client/pushed', true]],
    total: 1,
    wrong: true,
    dead: true,
  })
  const ask = askAs(simulator, 'mara-lind')
  const tag = await ask('GET', `${repository}/refs/tags/client-1`)
  expect(tag.at('type')).toBe('tag')
  const opened = await ask('POST', `${repository}/pullrequests`, {
    title: 'What was pushed',
    source: { branch: { name: 'client/pushed' } },
  })
  expect(opened.status).toBe(201)
})

test('isomorphic-git: clones whole and shallow, pushes and removes a branch without any git of its own', async () => {
  const input = { mara: published.users[0], work }
  expect(await driveClient(published, 'isomorphic-git', { input, reroute: true })).toEqual({
    whole: true,
    shallow: 1,
    branch: { ok: true, error: '' },
    pushed: [['refs/heads/client/isomorphic'], ['refs/tags/isomorphic-1']],
    left: [],
    nobody: 401,
  })
})
