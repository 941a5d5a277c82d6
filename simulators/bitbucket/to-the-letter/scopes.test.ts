import { describe, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import type { Endpoint } from '../call.ts'
import { type Document, findOperation } from '../openapi/check-schema.ts'
import { loadDocument, mustWalk } from '../openapi/walk.ts'
import { endpoints } from '../routes/endpoints.ts'

/** Where our scopes are not the document's, and why. */
const explained: Record<string, string> = {
  'GET /repositories/:workspace/:slug/file-conflicts/*': 'the document names no API token scopes: those of its sisters',
  'POST /repositories/:workspace/:slug/pipelines':
    'documented with pipeline alone, by which nothing else is started: the stricter pipeline:write contains it',
}

/** Answered by the remote and not in the document: scopes of the operation they belong to. */
const undocumented = [
  'GET /repositories/:workspace/:slug/commit/:commit/statuses/build',
  'GET /repositories/:workspace/:slug/src/:commit',
]

/** The removed tracker answers 410 to any method and path below it, operations that never were included. */
function isRemains({ method, path, goneWith }: Endpoint): boolean {
  if (goneWith !== 'CHANGE-3071') return false
  return path.endsWith('/*') || findOperation(loadDocument('legacy'), method, path) === undefined
}

function lists(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function strings(value: unknown): string[] {
  return lists(value).map(String)
}

interface Scopes {
  oauth: string[]
  token: string[]
}

/** What the document demands: OAuth scopes, and those of API tokens. */
function documented(document: Document, endpoint: Endpoint): Scopes | undefined {
  const method = endpoint.method.toLowerCase()
  const found = findOperation(document, endpoint.method, endpoint.path)
  if (found === undefined) return undefined
  const operation = at(document, 'paths', found.template, method)
  const oauth = lists(at(operation, 'security')).find((one) => at(one, 'oauth2') !== undefined)
  const token = lists(at(operation, 'x-atlassian-oauth2-scopes')).find((one) => at(one, 'state') === 'Current')
  return { oauth: strings(at(oauth, 'oauth2')).toSorted(), token: strings(at(token, 'scopes')).toSorted() }
}

function ours({ need }: Endpoint): Scopes {
  return { oauth: [...(need?.oauth ?? [])].toSorted(), token: [...(need?.token ?? [])].toSorted() }
}

describe.runIf(mustWalk)('the scopes of every operation', () => {
  test('are those of the published API description', () => {
    const documents = [loadDocument('2026'), loadDocument('legacy')]
    const problems: string[] = []
    for (const endpoint of endpoints.filter((one) => !isRemains(one))) {
      const name = `${endpoint.method} ${endpoint.path}`
      const wanted = documents.map((document) => documented(document, endpoint)).find((one) => one !== undefined)
      if (wanted === undefined) {
        if (!undocumented.includes(name)) problems.push(`${name}: not documented`)
        continue
      }
      const same = JSON.stringify(wanted) === JSON.stringify(ours(endpoint))
      if (!same && explained[name] === undefined)
        problems.push(`${name}: ${JSON.stringify(ours(endpoint))} instead of ${JSON.stringify(wanted)}`)
      if (same && explained[name] !== undefined) problems.push(`${name}: explained, yet the same`)
    }
    expect(problems).toEqual([])
  })
})
