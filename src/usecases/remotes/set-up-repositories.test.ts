import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRemotesRig, type RemotesRig } from '../../../test/remotes.ts'
import { checkConnection } from './check-connection.ts'
import { chooseRepositories } from './choose-repositories.ts'
import { disconnect } from './disconnect.ts'
import { listRemoteRepositories } from './list-remote-repositories.ts'
import { rotateWebhookSecret } from './rotate-webhook-secret.ts'
import { getConnectionProgress } from './set-up-progress.ts'
import { setUpRepositories } from './set-up-repositories.ts'
import { removeWebhook, repairWebhook } from './webhook-actions.ts'
import { listWebhooks } from './webhook-view.ts'

let rig: RemotesRig
let connectionId: string

beforeAll(async () => {
  rig = await createRemotesRig({ repositories: 230 })
  connectionId = await rig.connect()
})
afterAll(async () => {
  await rig.close()
})

const key = () => ({ organizationId: rig.organizationId, connectionId })

describe('repositories of a workspace', () => {
  it('are listed page by page and searched by name', async () => {
    const total = rig.simulator.repositories.length
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await listRemoteRepositories(rig.deps, { ...key(), limit: 100, ...(cursor && { cursor }) })
      expect(page.total).toBe(total)
      seen.push(...page.items.map((item) => item.uuid))
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
    expect(new Set(seen).size).toBe(total)
    const found = await listRemoteRepositories(rig.deps, { ...key(), q: 'invoice-"service' })
    expect(found.items.every((item) => item.name.includes('invoice'))).toBe(true)
  })

  it('become assets, hundreds at once, and once only', async () => {
    await chooseRepositories(rig.deps, {
      ...key(),
      memberId: rig.memberId,
      actor: rig.actor,
      selection: { kind: 'all' },
    })
    expect(rig.jobs.at(-1)).toEqual({
      name: 'set-up-repositories',
      data: { ...key(), memberId: rig.memberId, uuids: 'all' },
    })
    expect(await getConnectionProgress(rig.deps, key())).toMatchObject({ state: 'running' })
    const total = rig.simulator.repositories.length
    const requestsBefore = rig.simulator.requests.length
    for (let run = 0; run < 2; run += 1)
      expect(await setUpRepositories(rig.deps, { ...key(), uuids: 'all' })).toEqual({
        state: 'idle',
        repositories_done: total,
        repositories_total: total,
        webhooks_done: 1,
        webhooks_total: 1,
        error: null,
      })
    expect(rig.simulator.requests.length - requestsBefore).toBeLessThan(12)
    const assets = await rig.db.selectFrom('asset').select('id').execute()
    expect(assets).toHaveLength(total)
    expect(rig.simulator.sim.hooks).toHaveLength(1)
  })

  it('have a webhook that a crowd may ask to repair at once without taking the database from everybody', async () => {
    const { items } = await listWebhooks(rig.deps, { ...key() })
    const webhookId = items[0]?.id ?? ''
    const repair = () => repairWebhook(rig.deps, { organizationId: rig.organizationId, webhookId, actor: rig.actor })
    const views = await Promise.all(Array.from({ length: 20 }, repair))
    expect(views.map((view) => view.health)).toEqual(Array(20).fill('ok'))
    expect(rig.simulator.sim.hooks).toHaveLength(1)
  })

  it('keep their asset when they are renamed at the remote', async () => {
    const [repository] = rig.simulator.sim.repositories
    if (repository === undefined) throw new Error('The simulator has no repository.')
    const assetBefore = await findAsset(repository.uuid)
    const slugBefore = repository.slug
    repository.slug = 'renamed-service'
    repository.name = 'renamed-service'
    await setUpRepositories(rig.deps, { ...key(), uuids: [repository.uuid] })
    expect(await findAsset(repository.uuid)).toMatchObject({ id: assetBefore?.id, slug: 'renamed-service' })
    repository.slug = slugBefore
    repository.name = slugBefore
  })

  it('are brought up to date by the scheduled check, also those deleted or moved', async () => {
    const { repositories, workspaces } = rig.simulator.sim
    const [renamed, same, deleted, moved] = repositories
    if (!renamed || !same || !deleted || !moved) throw new Error('The simulator has too few repositories.')
    const home = moved.workspace
    const slug = renamed.slug
    renamed.slug = 'renamed-again'
    repositories.splice(repositories.indexOf(deleted), 1)
    const away = { ...home, uuid: '{11111111-2222-4333-8444-555555555555}', slug: 'elsewhere' }
    workspaces.push(away)
    moved.workspace = away
    await checkConnection(rig.deps, { ...key(), repair: true })
    const rows = await rig.db
      .selectFrom('repository')
      .select(['remote_uuid', 'slug', 'state', 'workspace_slug'])
      .execute()
    const of = (uuid: string) => rows.find((row) => row.remote_uuid === uuid)
    expect(of(renamed.uuid)).toMatchObject({ slug: 'renamed-again', state: 'here' })
    expect(of(deleted.uuid)).toMatchObject({ state: 'gone' })
    expect(of(moved.uuid)).toMatchObject({ state: 'here', workspace_slug: 'elsewhere' })
    expect(of(same.uuid)).toMatchObject({ state: 'here' })
    expect(await findAsset(deleted.uuid)).toBeDefined()
    renamed.slug = slug
    moved.workspace = home
    workspaces.pop()
    repositories.push(deleted)
    await checkConnection(rig.deps, { ...key(), repair: true })
    const back = await rig.db
      .selectFrom('repository')
      .select('state')
      .where('remote_uuid', '=', deleted.uuid)
      .executeTakeFirst()
    expect(back).toEqual({ state: 'here' })
  })

  it('say which of the chosen ones cannot be seen', async () => {
    const unseen = '{00000000-0000-4000-8000-000000000000}'
    const progress = await setUpRepositories(rig.deps, { ...key(), uuids: [unseen] })
    expect(progress).toMatchObject({ state: 'failed' })
    expect(progress.error).toContain(unseen)
  })
})

async function findAsset(remoteUuid: string) {
  return rig.db
    .selectFrom('repository as r')
    .innerJoin('asset as a', 'a.repository_id', 'r.id')
    .select(['a.id', 'r.slug'])
    .where('r.remote_uuid', '=', remoteUuid)
    .executeTakeFirst()
}

async function onlyHook() {
  const { items } = await listWebhooks(rig.deps, { organizationId: rig.organizationId, connectionId })
  const [hook, ...others] = items
  expect(others).toEqual([])
  if (hook === undefined) throw new Error('There is no webhook.')
  return hook
}

function remoteHook() {
  const [hook] = rig.simulator.sim.hooks
  if (hook === undefined) throw new Error('There is no hook at the remote.')
  return hook
}

describe('the webhook of a workspace', () => {
  it('is signed, says what it is, listens to an explicit list and is known by its address', async () => {
    const hook = await onlyHook()
    expect(hook).toMatchObject({ subject: 'workspace', health: 'ok', repository_id: null })
    expect(remoteHook()).toMatchObject({ url: hook.url, active: true, description: 'Weir (weir.example.org)' })
    expect(hook.url).toBe(`https://weir.example.org/hooks/bitbucket/${rig.organizationId}/${hook.id}`)
    expect(remoteHook().secret?.length).toBeGreaterThanOrEqual(32)
    expect(hook.events).toContain('pullrequest:comment_created')
    expect(hook.events.some((event) => event.startsWith('issue:'))).toBe(false)
  })

  it.each([
    ['switched off', 'inactive', (): void => void (remoteHook().active = false)],
    ['changed', 'changed', (): void => void remoteHook().events.splice(0, 3)],
    ['without its secret', 'changed', (): void => void (remoteHook().secret = null)],
    ['deleted', 'missing', (): void => void rig.simulator.sim.hooks.splice(0)],
  ] as const)('that was %s is seen and repaired', async (_what, health, spoil) => {
    spoil()
    await checkConnection(rig.deps, key())
    const broken = await onlyHook()
    expect(broken.health).toBe(health)
    expect(broken.health_reason).toMatch(/Repair/)
    const repaired = await repairWebhook(rig.deps, {
      organizationId: rig.organizationId,
      webhookId: broken.id,
      actor: rig.actor,
    })
    expect(repaired).toMatchObject({ health: 'ok', health_reason: null })
    expect(remoteHook()).toMatchObject({ active: true, url: broken.url })
    expect(remoteHook().secret).toBeTruthy()
    expect(rig.simulator.sim.hooks).toHaveLength(1)
  })

  it('checked by a person, has both sides compared in full, with what was deleted', async () => {
    rig.jobs.length = 0
    await checkConnection(rig.deps, key())
    expect(rig.jobs).toEqual([{ name: 'reconcile-connection', data: { ...key(), full: true } }])
  })

  it('failure 14: is mended by the scheduled check, which then looks for what was missed', async () => {
    rig.simulator.sim.hooks.splice(0)
    rig.jobs.length = 0
    await checkConnection(rig.deps, { ...key(), repair: true })
    expect(await onlyHook()).toMatchObject({ health: 'ok' })
    expect(rig.jobs).toEqual([{ name: 'reconcile-connection', data: key() }])
  })

  it('is made once when the process died between making it and writing it down', async () => {
    await rig.db.updateTable('webhook').set({ remote_uuid: null, health: 'pending' }).execute()
    const { id } = await onlyHook()
    await repairWebhook(rig.deps, { organizationId: rig.organizationId, webhookId: id, actor: rig.actor })
    expect(rig.simulator.sim.hooks).toHaveLength(1)
    expect(await onlyHook()).toMatchObject({ health: 'ok' })
  })

  it('gets a new secret when asked to', async () => {
    const before = remoteHook().secret
    const { id } = await onlyHook()
    await rotateWebhookSecret(rig.deps, { organizationId: rig.organizationId, webhookId: id, actor: rig.actor })
    expect(remoteHook().secret).not.toBe(before)
    expect(await onlyHook()).toMatchObject({ health: 'ok' })
  })

  it('keeps both secrets and asks for a repair when the remote did not take the new one', async () => {
    rig.simulator.planFault({
      method: 'PUT',
      path: '/2.0/workspaces/*/hooks/*',
      action: { kind: 'answer', status: 503 },
    })
    const { id } = await onlyHook()
    const input = { organizationId: rig.organizationId, webhookId: id, actor: rig.actor }
    await expect(rotateWebhookSecret(rig.deps, input)).rejects.toMatchObject({ code: 'remote_unavailable' })
    await checkConnection(rig.deps, key())
    expect(await onlyHook()).toMatchObject({ health: 'changed' })
    const before = remoteHook().secret
    expect(await repairWebhook(rig.deps, input)).toMatchObject({ health: 'ok' })
    expect(remoteHook().secret).not.toBe(before)
  })

  it('can be removed by hand, and is gone at both ends', async () => {
    const { id } = await onlyHook()
    await removeWebhook(rig.deps, { organizationId: rig.organizationId, webhookId: id, actor: rig.actor })
    expect(rig.simulator.sim.hooks).toEqual([])
    const { items } = await listWebhooks(rig.deps, { organizationId: rig.organizationId, connectionId })
    expect(items).toEqual([])
  })
})

describe('disconnecting', () => {
  it('removes our webhooks, forgets the credential, keeps the assets, and connecting again takes them up', async () => {
    await setUpRepositories(rig.deps, { ...key(), uuids: 'all' })
    expect(rig.simulator.sim.hooks).toHaveLength(1)
    const assets = await rig.db.selectFrom('asset').select('id').execute()
    const view = await disconnect(rig.deps, { ...key(), actor: rig.actor })
    expect(view).toMatchObject({ state: 'disconnected', webhooks_total: 0 })
    expect(rig.simulator.sim.hooks).toEqual([])
    await expect(listRemoteRepositories(rig.deps, key())).rejects.toMatchObject({ code: 'conflict' })
    expect(await rig.connect()).toBe(connectionId)
    await setUpRepositories(rig.deps, { ...key(), uuids: 'all' })
    expect(await rig.db.selectFrom('asset').select('id').execute()).toHaveLength(assets.length)
  })
})

describe('an account without administrator rights', () => {
  it('gets one webhook a repository where it may, and a sentence for the others', async () => {
    const member = rig.simulator.sim.workspaces[0]?.members.find((one) => one.role === 'member')?.person
    const other = await createRemotesRig({ mode: 'legacy', repositories: 2 })
    try {
      const id = await other.connect(member?.username)
      const progress = await setUpRepositories(other.deps, {
        organizationId: other.organizationId,
        connectionId: id,
        uuids: 'all',
      })
      expect(progress.webhooks_total).toBe(progress.repositories_done)
      const { items } = await listWebhooks(other.deps, { organizationId: other.organizationId, connectionId: id })
      expect(items.every((hook) => hook.subject === 'repository')).toBe(true)
      const well = items.filter((hook) => hook.health === 'ok')
      expect(other.simulator.sim.hooks).toHaveLength(well.length)
      for (const hook of items.filter((one) => one.health !== 'ok')) expect(hook).toMatchObject({ health: 'forbidden' })
      if (well.length < items.length) expect(progress.error).toMatch(/may not/)
    } finally {
      await other.close()
    }
  })
})

describe('a host that still has its issue tracker', () => {
  it('is listened to for issues as well', async () => {
    const legacy = await createRemotesRig({ mode: 'legacy', repositories: 1 })
    try {
      const id = await legacy.connect()
      await setUpRepositories(legacy.deps, { organizationId: legacy.organizationId, connectionId: id, uuids: 'all' })
      expect(legacy.simulator.sim.hooks[0]?.events).toEqual(
        expect.arrayContaining(['issue:created', 'issue:updated', 'issue:comment_created']),
      )
    } finally {
      await legacy.close()
    }
  })
})
