import { expect, test } from 'vitest'
import { isMissing, parseProblem } from './api-problem.ts'
import { toRequest } from './call.ts'

test('path parameters are escaped, lists are repeated, empty values are left out', () => {
  const request = toRequest('listImportItems', {
    params: { id: 'a/b' },
    query: { outcome: ['new', 'kept'], cursor: '' },
  })
  expect(request).toEqual({ method: 'GET', url: '/api/v1/imports/a%2Fb/items?outcome=new&outcome=kept' })
})

test('false is sent: it is not the same as not asked', () => {
  expect(toRequest('listVulnerabilities', { query: { sent: false, q: undefined } }).url).toBe(
    '/api/v1/vulnerabilities?sent=false',
  )
})

test('a refusal of Weir keeps its words, its code and the id to quote', () => {
  const body = {
    title: 'Taken',
    detail: 'Choose another key.',
    code: 'conflict',
    id: 'r1',
    fields: { key: ['is taken'] },
  }
  expect(parseProblem(409, JSON.stringify(body))).toMatchObject({ ...body, status: 409 })
})

test('a page of a proxy is told as what it is, without its HTML', () => {
  const problem = parseProblem(502, '<html><script>alert(1)</script></html>')
  expect(problem.title).toBe('The server answered 502')
  expect(problem.detail).not.toContain('<')
})

test('an id nothing has and one that cannot be an id are both something missing; another wrong field is not', () => {
  const refusal = { title: 'No', detail: 'No.', code: 'validation_failed', id: 'r1' }
  const refuse = (status: number, body: object) => parseProblem(status, JSON.stringify({ ...refusal, ...body }))
  expect(isMissing(refuse(404, { code: 'not_found' }))).toBe(true)
  expect(isMissing(refuse(422, { fields: { id: ['Invalid UUID'] } }))).toBe(true)
  expect(isMissing(refuse(422, { fields: { name: ['is empty'] } }))).toBe(false)
})
