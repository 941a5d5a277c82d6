import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openReceiver, type Receiver } from '../../shared/receiver.ts'
import { gitEnvironment } from '../git/run-git.ts'
import { shapeDifferences, shapeOf } from '../openapi/shape.ts'
import { createTrackerPart } from '../operations/issue-tracker.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'
import { hookEvents } from './event-keys.ts'
import { generally, payloadFolder, recordedPayloads } from './recorded-payloads.ts'

const base = '/repositories/meadow-goods/storefront-api'
const run = promisify(execFile)

/** Pushes whatever a push can hold: branches and tags made, moved by force, deleted, more commits than are told. */
async function pushEverything(simulator: Simulator, folder: string, between: () => Promise<unknown>): Promise<void> {
  const who = { name: 'Tomas Okoye', email: 'tomas@meadow-goods.example' }
  const env = {
    ...gitEnvironment,
    HOME: folder,
    GIT_AUTHOR_NAME: who.name,
    GIT_AUTHOR_EMAIL: who.email,
    GIT_COMMITTER_NAME: who.name,
    GIT_COMMITTER_EMAIL: who.email,
  }
  const git = async (...args: string[]) => await run('git', args, { cwd: folder, env })
  const token = simulator.users.find((one) => one.username === 'tomas-okoye')?.api_token ?? ''
  const account = `x-bitbucket-api-token-auth:${encodeURIComponent(token)}`
  const origin = `${simulator.web.replace('http://', `http://${account}@`)}/meadow-goods/storefront-api.git`
  await git('clone', '-q', origin, '.')
  await git('checkout', '-q', '-b', 'feature/shape')
  for (let number = 0; number < 6; number += 1) {
    await writeFile(join(folder, 'shape.txt'), `version ${number}\n`)
    await git('add', 'shape.txt')
    await git('commit', '-q', '-m', `Version ${number}`)
  }
  await git('push', '-q', 'origin', 'feature/shape')
  await git('commit', '-q', '--allow-empty', '-m', 'Nothing new')
  await git('push', '-q', 'origin', 'feature/shape')
  await git('commit', '-q', '--amend', '--allow-empty', '-m', 'Nothing new, really')
  await git('push', '-q', '--force', 'origin', 'feature/shape')
  await between()
  await git('tag', '-a', '-m', 'Shapely', 'shape-1')
  await git('tag', 'shape-2')
  await git('push', '-q', 'origin', 'shape-1')
  await git('push', '-q', 'origin', 'shape-2')
  await git('push', '-q', 'origin', ':shape-1')
  await git('push', '-q', 'origin', ':shape-2')
  await git('push', '-q', 'origin', ':feature/shape')
}

async function workOnCode(mara: Ask): Promise<void> {
  const comment = await mara('POST', `${base}/pullrequests/4/comments`, { content: { raw: 'x' } })
  await mara('DELETE', `${base}/pullrequests/4/comments/${comment.at('id')}`)
  await mara('POST', `${base}/pullrequests/6/request-changes`)
  await mara('PUT', `${base}/pullrequests/6`, { title: 'Upgrade' })
  await mara('POST', `${base}/pullrequests/5/decline`)
  const build = {
    key: 'k',
    state: 'FAILED',
    url: 'https://bitbucket.org/meadow-goods/storefront-api/addon/pipelines/home',
    refname: 'main',
  }
  await mara('POST', `${base}/commit/main/statuses/build`, build)
  await mara('POST', `${base}/commit/main/statuses/build`, { ...build, state: 'SUCCESSFUL' })
  const inline = { path: 'README.md', to: 1 }
  const said = await mara('POST', `${base}/commit/main/comments`, { content: { raw: 'why' }, inline })
  await mara('POST', `${base}/commit/main/comments`, { content: { raw: 'so' }, parent: { id: said.at('id') } })
}

async function workOnIssues(mara: Ask): Promise<void> {
  const parts = { component: { name: 'part' }, milestone: { name: 'part' }, version: { name: 'part' } }
  await mara('POST', `${base}/issues`, { title: 'Broken', content: { raw: 'indeed' }, ...parts })
  await mara('POST', `${base}/issues/1/comments`, { content: { raw: 'really' } })
  await mara('POST', `${base}/issues/1/changes`, { changes: { state: { new: 'on hold' } }, message: { raw: 'later' } })
}

describe.runIf(existsSync(payloadFolder) || process.env['CI'] !== undefined)('payloads are shaped as recorded', () => {
  let simulator: Simulator
  let receiver: Receiver
  let folder: string

  beforeAll(async () => {
    const publicUrls = { api: 'https://api.bitbucket.org/2.0', web: 'https://bitbucket.org' }
    simulator = await startSimulator({ repositories: 0, mode: 'legacy', publicUrls })
    receiver = await openReceiver()
    folder = await mkdtemp(join(tmpdir(), 'bitbucket-shapes-'))
    const mara = askAs(simulator, 'mara-lind')
    const events = hookEvents('workspace', 'legacy').map(({ event }) => event)
    await mara('POST', '/workspaces/meadow-goods/hooks', { url: receiver.url, events })
    const [repository] = simulator.sim.repositories
    if (repository !== undefined)
      for (const kind of ['component', 'milestone', 'version'] as const)
        createTrackerPart(simulator.sim, repository, { kind, name: 'part' })
    await workOnCode(mara)
    await workOnIssues(mara)
    await pushEverything(simulator, folder, () =>
      mara('POST', `${base}/pullrequests`, { title: 'New', source: { branch: { name: 'feature/shape' } } }),
    )
    await mara('POST', `${base}/forks`, { name: 'forked' })
    await mara('PUT', '/repositories/meadow-goods/forked', {
      name: 'Renamed',
      description: 'Better',
      language: 'java',
      website: 'https://www.example.com/',
    })
    await simulator.flush()
  })
  afterAll(async () => {
    await simulator.close()
    await receiver.close()
    await rm(folder, { recursive: true, force: true })
  })

  test.each(recordedPayloads)('$file', ({ file, event, when, explained }) => {
    const recorded: unknown = JSON.parse(readFileSync(new URL(file, payloadFolder), 'utf8'))
    const ours = receiver.caught
      .filter((one) => one.headers['x-event-key'] === event)
      .find((one) => when === undefined || when(one.body))
    expect(ours, 'nothing of the kind was sent').toBeDefined()
    const differences = shapeDifferences(shapeOf(recorded), shapeOf(ours?.body))
    const known = [...generally, ...explained]
    expect(differences.filter((one) => !known.some(([pattern]) => pattern.test(one)))).toEqual([])
    const stale = explained.filter(([pattern]) => !differences.some((one) => pattern.test(one)))
    expect(stale.map(([, why]) => why)).toEqual([])
  })

  test('no recording is left out', () => {
    expect(readdirSync(payloadFolder).toSorted()).toEqual(recordedPayloads.map(({ file }) => file).toSorted())
  })
})
