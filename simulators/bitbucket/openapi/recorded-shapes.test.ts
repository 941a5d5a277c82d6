import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs, asker, basic, type Reply } from '../try-api.ts'
import { newer, type Recording, readRecording, recordedFolder, recordings } from './recordings.ts'
import { shapeDifferences, shapeOf } from './shape.ts'
import { fill } from './walk.ts'

const repository = '/repositories/meadow-goods/storefront-api'
const pull = `${repository}/pullrequests/4`

/** An example of everything that was recorded. */
async function makeExamples(mara: Ask, ines: Ask): Promise<Record<string, string>> {
  const say = async (body: unknown) => String((await mara('POST', `${pull}/comments`, body)).at('id'))
  const comment = await say({ content: { raw: 'What for?' } })
  await say({ content: { raw: 'For them.' }, parent: { id: Number(comment) } })
  const inline = await say({ content: { raw: 'This?' }, inline: { path: 'README.md', to: 1 } })
  await mara('DELETE', `${pull}/comments/${await say({ content: { raw: 'Oh' } })}`)
  await ines('POST', `${pull}/approve`)
  await mara('PUT', pull, { title: 'A better title' })
  const build = { key: 'ci', state: 'FAILED', url: 'https://ci.example/', name: 'CI', description: 'Failed' }
  const status = await mara('POST', `${repository}/commit/main/statuses/build`, build)
  const hook = { url: 'https://hooks.example/', events: ['repo:push'], description: 'Builds', secret: 'x' }
  const uid = String((await mara('POST', `${repository}/hooks`, hook)).at('uuid'))
  const hash = String(status.at('commit', 'hash'))
  return {
    workspace: 'meadow-goods',
    slug: 'storefront-api',
    id: '4',
    comment,
    inline,
    commit: hash,
    hash,
    key: 'ci',
    uid,
  }
}

describe.runIf(existsSync(recordedFolder) || process.env['CI'] !== undefined)('answers are shaped as recorded', () => {
  let simulator: Simulator
  let mara: Ask
  let examples: Record<string, string>

  beforeAll(async () => {
    const publicUrls = { api: 'https://api.bitbucket.org/2.0', web: 'https://bitbucket.org' }
    simulator = await startSimulator({ repositories: 0, publicUrls })
    mara = askAs(simulator, 'mara-lind')
    examples = await makeExamples(mara, askAs(simulator, 'ines-calder'))
  })
  afterAll(async () => await simulator.close())

  async function answerLike(recording: Recording): Promise<Reply> {
    const wanted =
      recording.with?.['comment'] === 'inline' ? { ...examples, comment: examples['inline'] ?? '' } : examples
    const { comment: _comment, ...named } = recording.with ?? {}
    const path = fill(recording.operation.replace(/^GET /, ''), { ...wanted, ...named })
    return await mara('GET', recording.query === undefined ? path : `${path}?${recording.query}`)
  }

  const differencesFrom = async (recording: Recording): Promise<string[]> => {
    const reply = await answerLike(recording)
    expect(reply.status).toBe(recording.status ?? 200)
    const ours = recording.valuesOnly === true ? reply.values : reply.body
    return shapeDifferences(shapeOf(readRecording(recording.file).body), shapeOf(ours))
  }

  test.each(recordings)('$operation as in $file', async (recording) => {
    const explained = recording.explained ?? []
    const differences = await differencesFrom(recording)
    expect(differences.filter((one) => ![...newer, ...explained].some(([pattern]) => pattern.test(one)))).toEqual([])
    const stale = explained.filter(([pattern]) => !differences.some((one) => pattern.test(one)))
    expect(stale.map(([, why]) => why)).toEqual([])
  })

  test('what is explained as newer is in fact not recorded anywhere', async () => {
    const all: string[] = []
    for (const recording of recordings) all.push(...(await differencesFrom(recording)))
    const stale = newer.filter(([pattern]) => !all.some((one) => pattern.test(one)))
    expect(stale.map(([, why]) => why)).toEqual([])
  })

  test('errors have the recorded status and body', async () => {
    const recorded: unknown = JSON.parse(readFileSync(new URL('live-error-bodies-2026.json', recordedFolder), 'utf8'))
    const granted = ['read:repository:bitbucket', 'read:pullrequest:bitbucket']
    const make = (scopes: string[]) => {
      const usual = simulator.sim.credentials.find((one) => one.kind === 'api_token')
      if (usual === undefined) throw new Error('nobody has an API token')
      simulator.sim.credentials.push({ ...usual, token: `scopes-${scopes.length}`, scopes })
      return asker(simulator, basic(usual.person.email, `scopes-${scopes.length}`))
    }
    const hash = examples['hash'] ?? ''
    const replies = [
      await mara('GET', '/repositories'),
      await mara('GET', `${repository}/src/${hash}/shard.yml`),
      await mara('GET', '/repositories/meadow-goods/storefront-api/src/no-such/shard.yml'),
      await make(granted)('GET', `${repository}/hooks`),
      await asker(simulator, 'Bearer no-such-token')('GET', '/user'),
      await make([])('GET', '/user'),
    ]
    simulator.switches.rateLimits.anonymous = 0
    replies.push(await asker(simulator, undefined)('GET', repository))
    const ours = replies.map((reply) => ({ status: reply.status, body: reply.body ?? reply.text }))
    const expected = (Array.isArray(recorded) ? recorded : []).map((one) => ({
      status: at(one, 'status'),
      body: JSON.parse(JSON.stringify(at(one, 'body')).replaceAll('"main"', '"no-such"')),
    }))
    expect(ours).toEqual(expected)
    expect(replies.at(-1)?.headers.get('content-type')).toMatch(/^text\/plain/)
  })

  /** Of the network in front of Bitbucket and the machines behind it. */
  const infrastructure =
    /^(age|strict-transport-security|x-(asap|b3|cache|content-type|dc|envoy|frame|render|request-count|served|static|usage|used|version|view|xss).*)$/

  test.each(['gitea-2026-10-repository.json', 'gitea-2026-10-pullrequests-list.json'])(
    'an anonymous answer has the headers of %s',
    async (file) => {
      simulator.switches.rateLimits.anonymous = 60
      const [open] = simulator.sim.repositories
      if (open !== undefined) open.isPrivate = false
      const tail = file.includes('list') ? '/pullrequests' : ''
      const reply = await asker(simulator, undefined)('GET', `/repositories/meadow-goods/${open?.slug}${tail}`)
      const recorded = readRecording(file).headers.filter((name) => !infrastructure.test(name))
      expect(recorded.filter((name) => !reply.headers.has(name))).toEqual([])
      expect(reply.headers.get('cache-control')).toBe('max-age=900')
      expect(reply.headers.get('etag')).toMatch(/^W\/"[\da-f]{32}"$/)
      expect(reply.headers.get('x-ratelimit-limit')).toBe('60, 60;w=3600')
    },
  )
})
