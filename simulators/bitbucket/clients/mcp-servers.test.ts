import { expect, test } from 'vitest'
import { startSimulator } from '../simulator.ts'
import { askAs } from '../try-api.ts'
import { allowInstalling } from './allow-installing.ts'
import { driveClient, reroutePreload } from './drive-client.ts'

allowInstalling()
const repository = '/repositories/meadow-goods/storefront-api'

test('@nexus2520/bitbucket-mcp-server: reads code, opens a pull request, has it reviewed and merges it', async () => {
  const simulator = await startSimulator({ repositories: 0 })
  try {
    const [mara, , , ines] = simulator.users
    const ask = askAs(simulator, 'mara-lind')
    const seeded = await ask('GET', `${repository}/pullrequests/4`)
    const branch = { name: 'client/model', target: { hash: seeded.at('source', 'commit', 'hash') } }
    await ask('POST', `${repository}/refs/branches`, branch)
    expect(await driveClient(simulator, 'nexus-mcp', { input: { mara, ines, branch: branch.name } })).toEqual({
      tools: 20,
      projects: 'list_projects: Bitbucket API error: CHANGE-2770 - Functionality has been deprecated',
      repositories: 3,
      more: true,
      main: ['main'],
      directory: true,
      file: true,
      history: [3, true],
      created: 'OPEN',
      diff: true,
      updated: 'By a model, again',
      approved: ['Ines Calder'],
      comments: ['Why?', 'Because.'],
      files: true,
      commits: true,
      merged: true,
      head: 'By a model\n',
      listed: "MCP error -32603: Cannot read properties of undefined (reading 'map')",
      missing: 'get_pull_request: Not found: getting pull request 999 in meadow-goods/storefront-api',
    })
  } finally {
    await simulator.close()
  }
})

test('@aashari/mcp-server-atlassian-bitbucket: calls any path of api.bitbucket.org', async () => {
  const publicUrls = { api: 'https://api.bitbucket.org/2.0', web: 'https://bitbucket.org' }
  const simulator = await startSimulator({ repositories: 0, publicUrls })
  try {
    const input = { mara: simulator.users[0], preload: reroutePreload }
    expect(await driveClient(simulator, 'aashari-mcp', { input })).toEqual({
      tools: ['bb_get', 'bb_post', 'bb_put', 'bb_patch', 'bb_delete', 'bb_clone'],
      open: ['values', 'size'],
      edited: 'Noted!',
      file: true,
      deleted: true,
      gone: true,
      missing: true,
    })
  } finally {
    await simulator.close()
  }
})
