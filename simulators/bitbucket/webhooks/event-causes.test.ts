import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { openReceiver, type Receiver } from '../../shared/receiver.ts'
import { gitEnvironment } from '../git/run-git.ts'
import { startSimulator } from '../simulator.ts'
import { askAs } from '../try-api.ts'
import { hookEvents } from './event-keys.ts'
import { causes } from './try-causes.ts'
import type { Stage } from './try-pull-request-causes.ts'

const web = '/meadow-goods/storefront-api'
const run = promisify(execFile)

describe('every cause raises its events', () => {
  let stage: Stage
  let receiver: Receiver
  let folder: string

  beforeAll(async () => {
    // Time stands still, so that no pipeline of the seed ends in between.
    const clock = () => Date.UTC(2026, 10, 20, 12)
    const simulator = await startSimulator({ repositories: 1, mode: 'legacy', clock })
    receiver = await openReceiver()
    folder = await mkdtemp(join(tmpdir(), 'bitbucket-causes-'))
    const mara = askAs(simulator, 'mara-lind')
    const git = async (...args: string[]) => {
      const who = { name: 'Mara Lind', email: 'mara@meadow-goods.example' }
      const names = { GIT_AUTHOR_NAME: who.name, GIT_COMMITTER_NAME: who.name }
      const mails = { GIT_AUTHOR_EMAIL: who.email, GIT_COMMITTER_EMAIL: who.email }
      await run('git', args, { cwd: folder, env: { ...gitEnvironment, HOME: folder, ...names, ...mails } })
    }
    const login = await fetch(`${simulator.web}/account/signin/`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ username: 'mara-lind', password: 'mara' }),
    })
    const cookie = (login.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const post = async (path: string, fields: Record<string, string>) => {
      const body = new URLSearchParams(fields)
      const reply = await fetch(`${simulator.web}${path}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie },
        body,
      })
      expect([path, reply.status, reply.status === 303 ? '' : await reply.text()]).toEqual([path, 303, ''])
      return reply.headers.get('location') ?? ''
    }
    const small = simulator.sim.repositories.at(-1)
    if (small !== undefined) small.isPrivate = false
    const kept: Record<string, string> = { public: `meadow-goods/${small?.slug}` }
    stage = { simulator, mara, tomas: askAs(simulator, 'tomas-okoye'), post, git, kept }
    const token = simulator.users.find((one) => one.username === 'mara-lind')?.api_token ?? ''
    const account = `x-bitbucket-api-token-auth:${encodeURIComponent(token)}`
    await git('clone', '-q', `${simulator.web.replace('http://', `http://${account}@`)}${web}.git`, '.')
    await git('checkout', '-q', '-b', 'feature/causes')
    await git('commit', '-q', '--allow-empty', '-m', 'First')
    await git('push', '-q', 'origin', 'feature/causes')
    simulator.switches.pipelines.startOnPush = false
    const events = hookEvents('workspace', 'legacy').map(({ event }) => event)
    await mara('POST', '/workspaces/meadow-goods/hooks', { url: receiver.url, events })
  })
  afterAll(async () => {
    await stage.simulator.close()
    await receiver.close()
    await rm(folder, { recursive: true, force: true })
  })

  test.each(causes)('$what', async ({ do: act, raises }) => {
    const before = stage.simulator.deliveries.length
    await act(stage)
    expect(stage.simulator.deliveries.slice(before).map(({ event }) => event)).toEqual(raises)
  })

  test('every event has a cause', () => {
    const raised = new Set(causes.flatMap((one) => one.raises))
    expect(hookEvents('workspace', 'legacy').filter(({ event }) => !raised.has(event))).toEqual([])
  })

  test('a trace is in the format of OpenTelemetry and names its repository by UUID', async () => {
    await stage.simulator.flush()
    const trace = receiver.caught.find((one) => one.headers['x-event-key'] === 'pipeline:span_created')?.body
    const resources = at(trace, 'resourceSpans')
    expect(resources).toMatchObject([{ scopeSpans: [{ spans: [{ name: 'bbc.pipeline_run' }] }] }])
    expect(JSON.stringify(resources)).toContain('"key":"pipeline.state.result.name","value":{"stringValue":"STOPPED"}')
  })
})
