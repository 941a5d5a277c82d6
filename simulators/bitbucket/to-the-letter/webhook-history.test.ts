import { describe, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { askAs, asker } from '../try-api.ts'
import { askWith } from './try-credentials.ts'
import { events, ofWorkspace, shop, tryHooks } from './try-hooks.ts'

const here = tryHooks()
const { mara, hook, say, header } = here

describe('the history of requests', () => {
  const internal = () => `${here.simulator.web}/!api/internal${shop}/hooks`
  const idOf = (path: string) => path.split('/').at(-1) ?? ''

  test('is kept from when it is enabled until it is disabled', async () => {
    const path = await hook()
    await say()
    const list = async () => (await mara('GET', `${internal()}/${idOf(path)}/requests`)).values
    expect(await list()).toEqual([])
    expect((await mara('PUT', path, { history_enabled: true })).at('history_enabled')).toBe(true)
    await say()
    await say()
    expect((await list()).map((one) => at(one, 'event'))).toEqual([...events, ...events])
    expect((await mara('PUT', path, { history_enabled: false })).at('history_enabled')).toBe(false)
    expect(await list()).toEqual([])
  })

  test('shows what was sent and every attempt, and sends it again', async () => {
    const path = await hook({ history_enabled: true })
    here.receiver.answers.push(500, 201)
    await say('again')
    const requests = `${internal()}/${idOf(path)}/requests`
    const [first] = (await mara('GET', requests)).values
    const one = await mara('GET', `${requests}/${String(at(first, 'uuid'))}`)
    expect(one.body).toMatchObject({
      state: 'delivered',
      attempts: [
        { number: 1, status: 500 },
        { number: 2, status: 201 },
      ],
      request: {
        headers: { 'x-event-key': 'pullrequest:comment_created' },
        body: here.receiver.caught[0]?.raw.toString(),
      },
    })
    const sent = await mara('POST', `${requests}/${String(at(first, 'uuid'))}/resend`)
    await here.simulator.flush()
    expect([sent.status, here.receiver.caught.length]).toEqual([202, 3])
    expect(here.receiver.caught[2]?.raw).toEqual(here.receiver.caught[0]?.raw)
    expect(header('x-request-uuid')[2]).not.toBe(header('x-request-uuid')[0])
    expect((await mara('GET', requests)).at('size')).toBe(2)
  })

  test('is cut to the newest, and to some days', async () => {
    here.simulator.switches.hookHistory = { entries: 2, days: 30 }
    const path = await hook({ history_enabled: true })
    for (const text of ['a', 'b', 'c']) await say(text)
    const requests = `${internal()}/${idOf(path)}/requests`
    const texts = async () =>
      (await mara('GET', requests)).values.map((one) => {
        const body: unknown = JSON.parse(String(at(one, 'request', 'body')))
        return at(body, 'comment', 'content', 'raw')
      })
    expect(await texts()).toEqual(['c', 'b'])
    here.pass(30 * 86_400_000 + 1000)
    expect(await texts()).toEqual([])
  })

  test('is for those who may see the hook, by session or by credential with the scope', async () => {
    const path = await hook({ history_enabled: true })
    const requests = `${internal()}/${idOf(path)}/requests`
    expect((await asker(here.simulator, undefined)('GET', requests)).status).toBe(401)
    expect((await askAs(here.simulator, 'tomas-okoye')('GET', requests)).status).toBe(403)
    const narrow = askWith(here.simulator, { kind: 'api_token', scopes: ['read:repository:bitbucket'] })
    expect((await narrow('GET', requests)).status).toBe(403)
    const none = askWith(here.simulator, { kind: 'api_token', scopes: [] })
    expect((await none('GET', requests)).status).toBe(401)
    const login = await asker(here.simulator, undefined)(
      'POST',
      `${here.simulator.web}/account/signin/`,
      'username=mara-lind&password=mara',
      { 'content-type': 'application/x-www-form-urlencoded' },
    )
    const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? ''
    expect((await asker(here.simulator, undefined)('GET', requests, undefined, { cookie })).status).toBe(200)
    expect((await mara('GET', `${internal()}/none/requests`)).status).toBe(404)
    expect((await mara('GET', `${requests}/none`)).status).toBe(404)
  })

  test('is there for a workspace’s hooks, page by page', async () => {
    const path = await hook({ history_enabled: true }, ofWorkspace)
    for (const text of ['a', 'b', 'c']) await say(text)
    const first = await mara(
      'GET',
      `${here.simulator.web}/!api/internal${ofWorkspace}/${idOf(path)}/requests?pagelen=2`,
    )
    expect([first.values.length, first.at('size')]).toEqual([2, 3])
    expect((await mara('GET', String(first.at('next')))).values).toHaveLength(1)
  })
})
