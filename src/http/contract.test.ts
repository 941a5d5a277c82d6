import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allRoutes } from '../../contract/routes.ts'
import { createTestApp, createTestClient, type TestApp } from '../../test/app.ts'
import { createServer } from './server.ts'

/** What answers besides the API. */
const others = [
  'POST /unsubscribe',
  'GET /api/docs',
  'GET /api/openapi.json',
  'GET /health/live',
  'GET /health/ready',
  'GET /metrics',
  'POST /hooks/bitbucket/:organizationId/:webhookId',
  'POST /hooks/jira/:organizationId/:webhookId',
]

let test: TestApp
beforeAll(async () => {
  test = await createTestApp({ config: { isMetricsOn: true } })
})
afterAll(async () => test.close())

/** Reads the framework's own drawing of its route tree: four columns a level, methods in brackets. */
function readTree(drawing: string): string[] {
  const places: string[] = []
  return drawing.split('\n').flatMap((line) => {
    const match = /^([│ ]*)[├└]── (\S+)(?: \(([A-Z, ]+)\))?/.exec(line)
    if (match === null) return []
    const depth = (match[1] ?? '').length / 4
    places.length = depth
    places.push(match[2] ?? '')
    return (match[3] ?? '')
      .split(', ')
      .filter(Boolean)
      .map((method) => `${method} ${places.join('')}`)
  })
}

describe('the contract', () => {
  it('is answered route by route, and nothing else answers', async () => {
    const server = await createServer(test.app.context)
    await server.ready()
    const found = readTree(server.printRoutes({ commonPrefix: false }))
    await server.close()
    const expected = [...allRoutes.map((route) => `${route.method} ${route.path}`), ...others]
    expect(found.toSorted()).toEqual(expected.toSorted())
  })

  it('is documented route by route, as OpenAPI 3.1', async () => {
    const { body } = await createTestClient(test.url).send('GET', '/api/openapi.json')
    const document = Object(body)
    expect(document.openapi).toBe('3.1.0')
    const found = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(Object(methods)).map(
        ([method, operation]) => `${method} ${path} ${Object(operation).operationId}`,
      ),
    )
    const expected = allRoutes.map(
      (route) => `${route.method.toLowerCase()} ${route.path.replaceAll(/:(\w+)/g, '{$1}')} ${route.id}`,
    )
    expect(found.toSorted()).toEqual(expected.toSorted())
    const create = document.paths['/api/v1/api-tokens'].post
    expect(create.requestBody.content['application/json'].schema.required).toContain('scopes')
    expect(create.responses['201'].content['application/json'].schema.properties.token).toEqual({ type: 'string' })
    expect(Object.keys(create.responses.default.content)).toEqual(['application/problem+json'])
  })

  it('can be read as a page without a script', async () => {
    const { text, headers } = await createTestClient(test.url).send('GET', '/api/docs')
    expect(headers.get('content-type')).toContain('text/html')
    expect(text).not.toMatch(/<script|onload=|onclick=/i)
    for (const route of allRoutes) expect(text).toContain(`<code>${route.id}</code>`)
    expect(text).toContain('<code>next</code>')
    expect(text).toContain('<a href="/">')
    expect(text.replaceAll(/<pre>.*?<\/pre>/gs, '')).not.toContain('`')
  })
})
