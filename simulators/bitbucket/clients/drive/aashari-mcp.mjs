// A model's host with `@aashari/mcp-server-atlassian-bitbucket`, which calls any path of api.bitbucket.org.
import { startServer } from './mcp.mjs'
import { failure, input, report } from './packages.mjs'

const { email, api_token: token } = input.mara
const server = await startServer({
  script: '@aashari/mcp-server-atlassian-bitbucket/dist/index.js',
  preload: input.preload,
  env: { ATLASSIAN_USER_EMAIL: email, ATLASSIAN_API_TOKEN: token },
})
const ask = async (name, path, more = {}) =>
  JSON.parse(await server.call(`bb_${name}`, { path, outputFormat: 'json', ...more }))
const pull = '/repositories/meadow-goods/storefront-api/pullrequests'

const open = await ask('get', pull, {
  queryParams: { state: 'OPEN', pagelen: '2', fields: 'values.id,values.title,size' },
})
const id = open.values[0].id
const comment = await ask('post', `${pull}/${id}/comments`, { body: { content: { raw: 'Noted' } } })
const edited = await ask('put', `${pull}/${id}/comments/${comment.id}`, { body: { content: { raw: 'Noted!' } } })
const file = await server.call('bb_get', { path: '/repositories/meadow-goods/storefront-api/src/main/package.json' })
await server.call('bb_delete', { path: `${pull}/${id}/comments/${comment.id}` })
const deleted = await ask('get', `${pull}/${id}/comments/${comment.id}`, { jq: 'deleted' })
const gone = await failure(() => ask('get', '/workspaces'))
const missing = await failure(() => ask('get', '/repositories/meadow-goods/nothing'))
await server.stop()

report({
  tools: server.tools,
  open: Object.keys(open),
  edited: edited.content.raw,
  file: file.includes('dependencies'),
  deleted,
  gone: gone.message.includes('CHANGE-2770 - Functionality has been deprecated'),
  missing: missing.message.includes('Repository meadow-goods/nothing not found'),
})
