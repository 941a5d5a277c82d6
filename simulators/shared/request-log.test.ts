import { expect, test } from 'vitest'
import { keepRequest } from './request-log.ts'

interface Logged {
  path: string
  status: number
}

function newLog() {
  const requests: Logged[] = []
  return { requests, forgotten: { requests: 0, deliveries: 0 }, logged: new WeakMap<object, Logged>() }
}

test('a request is logged once, and what becomes of it is added', () => {
  const log = newLog()
  const request = {}
  const first = () => ({ path: '/a', status: 0 })
  keepRequest(log, request, { became: {}, first })
  keepRequest(log, request, { became: { status: 201 }, first })
  expect(log.requests).toEqual([{ path: '/a', status: 201 }])
})

test('of very many the older half is forgotten', () => {
  const log = newLog()
  for (let count = 0; count <= 20_000; count += 1)
    keepRequest(log, {}, { became: {}, first: () => ({ path: `/${count}`, status: 0 }) })
  expect([log.requests.length, log.requests[0]?.path, log.requests.at(-1)?.path]).toEqual([10_001, '/10000', '/20000'])
  expect(log.forgotten).toEqual({ requests: 10_000, deliveries: 0 })
})
