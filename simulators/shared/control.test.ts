import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { registerControlCalls } from './control.ts'

test('a page of another site that a browser shows cannot steer a simulator; everything else on this machine can', async () => {
  const server = Fastify()
  const steered: string[] = []
  registerControlCalls(server, [{ method: 'POST', path: '/changes', handle: () => steered.push('once more') }])
  const post = async (headers: Record<string, string>) =>
    (await server.inject({ method: 'POST', url: '/__control/changes', headers })).statusCode
  expect(await post({ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' })).toBe(403)
  expect(steered).toEqual([])
  for (const headers of [{}, { 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }])
    expect(await post(headers)).toBe(200)
})
