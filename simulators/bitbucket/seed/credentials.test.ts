import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, stringAt } from '../../shared/json.ts'
import { livingScopes, oauthScopes } from '../auth/scopes.ts'
import { describe as startLine } from '../describe.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { asker } from '../try-api.ts'

describe.each(['2026', 'legacy'] as const)('ready-made credentials in %s mode', (mode) => {
  let simulator: Simulator
  beforeAll(async () => {
    simulator = await startSimulator({ mode, repositories: 0, callbackUrl: 'http://127.0.0.1:9/callback' })
  })
  afterAll(async () => {
    await simulator.close()
  })

  /** A token of the consumer's own app user. */
  async function oauthToken(): Promise<string> {
    const { key, secret } = simulator.oauth_consumer
    const answer: unknown = await (
      await fetch(`${simulator.web}/site/oauth2/access_token`, {
        method: 'POST',
        body: new URLSearchParams({ grant_type: 'client_credentials', client_id: key, client_secret: secret }),
      })
    ).json()
    return stringAt(answer, 'access_token') ?? ''
  }

  test('may read and start pipelines, and say so in the start line', async () => {
    for (const token of [simulator.workspace_access_token, await oauthToken()]) {
      const ask = asker(simulator, `Bearer ${token}`)
      const pipelines = '/repositories/meadow-goods/storefront-api/pipelines'
      expect((await ask('GET', pipelines)).status).toBe(200)
      expect((await ask('POST', pipelines, { target: {} })).status).toBe(400)
    }
    for (const kind of ['oauth_consumer', 'workspace_access_token'])
      expect(at(startLine(simulator.sim, { withControl: false }), 'scopes', kind)).toEqual(
        expect.arrayContaining(['pipeline', 'pipeline:write', 'account', 'webhook']),
      )
  })

  test('have scopes of the issue tracker only where there is one', () => {
    const { api_token, oauth_consumer, workspace_access_token } = simulator.scopes
    const ofIssues = [...api_token, ...oauth_consumer, ...workspace_access_token].filter((one) => /issue/.test(one))
    expect(ofIssues).toEqual(
      mode === '2026'
        ? []
        : ['read:issue:bitbucket', 'write:issue:bitbucket', 'delete:issue:bitbucket', 'issue', 'issue:write'],
    )
  })

  test('have an app password in the start line only where it works', () => {
    expect(Object.keys(startLine(simulator.sim, { withControl: false })).includes('app_password')).toBe(
      mode === 'legacy',
    )
    expect(simulator.app_password.username).toBe('mara-lind')
  })
})

test('in 2026 mode no scope of issues or wikis opens anything', () => {
  expect(oauthScopes.filter((scope) => !livingScopes('2026', oauthScopes).includes(scope))).toEqual([
    'issue',
    'issue:write',
    'wiki',
  ])
  expect(livingScopes('legacy', oauthScopes)).toEqual(oauthScopes)
})
