import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../simulator.ts'
import { askAs } from '../try-api.ts'
import { allowInstalling } from './allow-installing.ts'
import { driveClient } from './drive-client.ts'

allowInstalling()
let simulator: Simulator

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 4 })
})
afterAll(async () => await simulator.close())

test('bitbucket: lists with paging, opens, discusses, approves and merges a pull request', async () => {
  const [mara, , , ines] = simulator.users
  const seeded = await askAs(simulator, 'mara-lind')('GET', '/repositories/meadow-goods/storefront-api/pullrequests/4')
  const changed = await askAs(simulator, 'mara-lind')(
    'GET',
    `/repositories/meadow-goods/storefront-api/commit/${seeded.at('source', 'commit', 'hash')}`,
  )
  const input = { mara, ines, token: simulator.workspace_access_token, changed: changed.at('hash') }
  expect(await driveClient(simulator, 'bitbucket', { input })).toEqual({
    me: 'Mara Lind',
    repositories: { pages: [3, 3, 2], slugs: simulator.repositories.map((one) => one.slug).toSorted() },
    branch: true,
    opened: ['OPEN', 'main'],
    reviewed: {
      html: '<p>Is this <strong>tested</strong>?</p>',
      approved: true,
      comments: [
        ['It is.', true],
        ['Is this **tested**?', false],
      ],
      diff: true,
      stat: ['modified', 'modified'],
    },
    status: 'SUCCESSFUL',
    reported: true,
    merged: ['MERGED', 'Mara Lind'],
    gone: 404,
    readme: true,
    hook: [true, ['repo:push']],
    removed: [410, 'CHANGE-2770 - Functionality has been deprecated'],
    byToken: 'MERGED',
  })
})

test('@coderabbitai/bitbucket: reads a diff, comments on a line and requests changes', async () => {
  const [, , , ines] = simulator.users
  expect(await driveClient(simulator, 'coderabbit', { input: { ines } })).toEqual({
    open: true,
    title: 'string',
    diff: true,
    comment: [201, true, 1],
    verdict: 'changes_requested',
    commits: true,
    unknown: [404, 'error'],
  })
})

test('@backstage/plugin-bitbucket-cloud-common: walks repositories, projects and branches by token and by consumer', async () => {
  const [mara] = simulator.users
  const input = { mara, consumer: simulator.oauth_consumer }
  const walked = { repositories: ['invoice-service', 'ledger-core'], projects: 4, main: true }
  expect(await driveClient(simulator, 'backstage', { input, reroute: true })).toEqual({
    byToken: walked,
    byConsumer: walked,
    found: ['pom.xml'],
    gone: true,
  })
})
