import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { localPath } from '../../shared/page-session.ts'
import { startTrySimulator, type TrySimulator } from './try-simulator.ts'

let here: TrySimulator
beforeAll(async () => {
  here = await startTrySimulator('2026')
})
afterAll(async () => {
  await here.close()
})

describe('logging in', () => {
  test('the page lists the people and their passwords', async () => {
    const { status, body } = await here.ask({ path: '/account/signin/' })
    expect(status).toBe(200)
    expect(body).toContain('Simulated Bitbucket')
    expect(body).toContain('wanda-writer-password')
  })

  test.each(['wanda-writer', 'Wanda-Writer@acme.example'])(
    '%s leads to the dashboard with a same-site cookie',
    async (username) => {
      const reply = await here.ask({ path: '/account/signin/', form: { username, password: 'wanda-writer-password' } })
      expect([reply.status, reply.location]).toEqual([303, '/dashboard/overview'])
      expect(reply.headers['set-cookie']).toMatch(/HttpOnly; SameSite=Lax$/)
    },
  )

  test('a wrong password is refused and what was typed is escaped', async () => {
    const reply = await here.ask({ path: '/account/signin/', form: { username: '"><script>', password: 'no' } })
    expect(reply.status).toBe(401)
    expect(reply.headers['set-cookie']).toBeUndefined()
    expect(reply.body).toContain('Username or password is wrong.')
    expect(reply.body).not.toContain('<script>')
  })

  test.each(['/acme/shop', '/acme/shop/pull-requests/1', '/dashboard/overview', '/acme', '/acme/shop/admin/webhooks'])(
    '%s without a session leads to the login and back',
    async (path) => {
      const reply = await here.ask({ path })
      expect([reply.status, reply.location]).toEqual([303, `/account/signin/?next=${encodeURIComponent(path)}`])
      const form = { username: 'olga-owner', password: 'olga-owner-password', next: path }
      expect((await here.ask({ path: '/account/signin/', form })).location).toBe(path)
    },
  )

  test('a form without a session does nothing', async () => {
    const reply = await here.ask({ path: '/acme/shop/pull-requests/1/comments', form: { content: 'anonymous' } })
    expect(reply.location).toContain('/account/signin/')
    expect(here.repository.pullRequests[0]?.comments).toEqual([])
  })

  test('a foreign address to go back to is not followed', async () => {
    const form = { username: 'olga-owner', password: 'olga-owner-password', next: '//evil.example/' }
    expect((await here.ask({ path: '/account/signin/', form })).location).toBe('/dashboard/overview')
  })

  test('logging out ends the session', async () => {
    const cookie = await here.logIn(here.people.owner)
    expect((await here.ask({ path: '/dashboard/overview', cookie })).status).toBe(200)
    await here.ask({ path: '/account/signout/', cookie, form: {} })
    expect((await here.ask({ path: '/dashboard/overview', cookie })).status).toBe(303)
  })
})

test.each(['//evil.example', '/\\evil.example', 'https://evil.example', '', '/a\nb', '/a\\b'])(
  '%j is no local path',
  (path) => {
    expect(localPath(path)).toBeUndefined()
  },
)

test('a local path keeps its query', () => {
  expect(localPath('/site/oauth2/authorize?client_id=a&state=b')).toBe('/site/oauth2/authorize?client_id=a&state=b')
})

test('a local path beyond ASCII is encoded, as a header can say no other', () => {
  expect(localPath('/acme/漢 ü')).toBe('/acme/%E6%BC%A2%20%C3%BC')
  expect(localPath('/%E6%BC%A2\ud800')).toBe('/%E6%BC%A2%EF%BF%BD')
})
