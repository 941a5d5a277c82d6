import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRemotesRig, type RemotesRig } from '../../../test/remotes.ts'
import { AppError } from '../../lib/app-error.ts'
import { createConnection } from './create-connection.ts'
import { renewCredential } from './renew-credential.ts'

let rig: RemotesRig
let legacy: RemotesRig

beforeAll(async () => {
  rig = await createRemotesRig()
  legacy = await createRemotesRig({ mode: 'legacy' })
})
afterAll(async () => {
  await rig.close()
  await legacy.close()
})

async function failure(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof AppError) return error
  throw new Error(`Expected an AppError, got ${String(error)}`)
}

function basic(on: RemotesRig, username: string, secret: string, workspace = on.simulator.workspace.slug) {
  return createConnection(on.deps, {
    organizationId: on.organizationId,
    actor: on.actor,
    workspace,
    credential: { kind: 'basic', username, secret },
  })
}

function owner(on: RemotesRig) {
  const [user] = on.simulator.users
  if (user === undefined) throw new Error('The simulator has nobody.')
  return user
}

function addToken(on: RemotesRig, scopes: string[], username = owner(on).username): string {
  const person = on.simulator.sim.people.find((one) => one.username === username)
  if (person === undefined) throw new Error(`Nobody is called ${username}.`)
  const token = `ATATT3x${on.deps.newId()}`
  on.simulator.sim.credentials.push({
    kind: 'api_token',
    token,
    person,
    scopes,
    expiresAt: null,
    revoked: false,
    resource: null,
    consumerKey: null,
  })
  return token
}

const needed = [
  'read:user:bitbucket',
  'read:workspace:bitbucket',
  'read:repository:bitbucket',
  'read:pullrequest:bitbucket',
  'read:webhook:bitbucket',
  'write:webhook:bitbucket',
]

describe('a connection by the three-field form', () => {
  it('names each scope that an API token lacks, and keeps nothing', async () => {
    const token = addToken(
      rig,
      needed.filter((scope) => scope !== 'read:pullrequest:bitbucket' && scope !== 'write:webhook:bitbucket'),
    )
    const error = await failure(basic(rig, owner(rig).email, token))
    expect(error.code).toBe('scope_missing')
    expect(error.meta?.['missing']).toEqual(expect.arrayContaining(['read:pullrequest:bitbucket']))
    expect(error.detail).toContain('read:pullrequest:bitbucket')
    expect(await rig.db.selectFrom('connection').select('id').execute()).toEqual([])
  })

  it('says how to make a token when one was made without scopes', async () => {
    const error = await failure(basic(rig, owner(rig).email, addToken(rig, [])))
    expect(error.code).toBe('scope_missing')
    expect(error.meta?.['missing']).toEqual(expect.arrayContaining(needed))
  })

  it('refuses a wrong token in words about the e-mail address and token', async () => {
    const error = await failure(basic(rig, owner(rig).email, 'ATATT3xwrong'))
    expect(error.code).toBe('credential_rejected')
    expect(error.detail).toContain('e-mail address')
  })

  it('explains the end of app passwords to a user name without @', async () => {
    const { username, password } = rig.simulator.app_password
    const error = await failure(basic(rig, username, password))
    expect(error.code).toBe('app_password_gone')
    expect(error.detail).toContain('Create API token with scopes')
  })

  it('knows an app password by its beginning, also beside an e-mail address', async () => {
    const error = await failure(basic(rig, owner(rig).email, 'ATBBinvented0wrong'))
    expect(error.code).toBe('app_password_gone')
    expect(error.detail).toContain('This is an app password')
  })

  it('accepts an app password where the host still does', async () => {
    const { username, password } = legacy.simulator.app_password
    const view = await basic(legacy, username, password)
    expect(view).toMatchObject({ auth_kind: 'app_password', state: 'active' })
    expect(view.scopes.find((scope) => scope.scope === 'issue:write')?.state).toBe('granted')
  })

  it('names the field when the workspace is not there', async () => {
    const error = await failure(basic(rig, owner(rig).email, owner(rig).api_token, 'nowhere'))
    expect(error.code).toBe('validation_failed')
    expect(error.meta?.['fields']).toHaveProperty('workspace')
  })

  it('connects with exactly the scopes it asks for, and never shows the secret again', async () => {
    const token = addToken(rig, [...needed, 'delete:webhook:bitbucket'])
    const view = await basic(rig, owner(rig).email, token)
    expect(view).toMatchObject({
      auth_kind: 'api_token',
      state: 'active',
      workspace: rig.simulator.workspace,
      remote_account_name: owner(rig).display_name,
    })
    expect(view.scopes.map((scope) => scope.state)).not.toContain('missing')
    expect(view.scopes.map((scope) => scope.scope)).not.toContain('read:issue:bitbucket')
    const row = await rig.db.selectFrom('connection').selectAll().where('id', '=', view.id).executeTakeFirstOrThrow()
    expect(JSON.stringify([view, row])).not.toContain(token)
  })

  it('refuses a second connection of a workspace, and renews the first', async () => {
    const user = owner(rig)
    const error = await failure(basic(rig, user.email, user.api_token))
    expect(error.code).toBe('conflict')
    const connectionId = String(error.meta?.['connection_id'])
    const view = await renewCredential(rig.deps, {
      organizationId: rig.organizationId,
      connectionId,
      actor: rig.actor,
      secret: user.api_token,
    })
    expect(view).toMatchObject({ id: connectionId, state: 'active' })
    expect(rig.jobs).toContainEqual({
      name: 'reconcile-connection',
      data: { organizationId: rig.organizationId, connectionId },
    })
  })
})

describe('a connection by access token', () => {
  it('works with a workspace token, which is shown as its bot', async () => {
    const other = await createRemotesRig({ database: rig.open, seed: 5 })
    try {
      const view = await createConnection(other.deps, {
        organizationId: other.organizationId,
        actor: other.actor,
        workspace: other.simulator.workspace.slug,
        credential: { kind: 'access_token', token: other.simulator.workspace_access_token },
      })
      expect(view).toMatchObject({ auth_kind: 'access_token', state: 'active', workspace: other.simulator.workspace })
    } finally {
      await other.close()
    }
  })
})

describe('the remote when it fails', () => {
  it.each([
    [500, 'text/html', '<html><body>Oops</body></html>', 'remote_unavailable'],
    [429, 'text/plain', 'Rate limit for this resource has been exceeded', 'remote_rate_limited'],
    [200, 'text/html', '<html><body>Log in</body></html>', 'remote_invalid_answer'],
    [200, 'application/json', '', 'remote_invalid_answer'],
    [
      410,
      'application/json',
      '{"type":"error","error":{"message":"CHANGE-1 - Functionality has been deprecated"}}',
      'remote_gone',
    ],
  ])('answers %i %s with a sentence, not a crash', async (status, type, body, code) => {
    rig.simulator.planFault({
      method: 'GET',
      path: '/2.0/user',
      action: { kind: 'answer', status, headers: { 'content-type': type }, body },
    })
    const error = await failure(basic(rig, owner(rig).email, owner(rig).api_token))
    expect(error.code).toBe(code)
    expect(error.detail).toMatch(/^[A-Z0-9].*\.$/)
  })
})
