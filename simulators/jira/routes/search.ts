import { createHash } from 'node:crypto'
import { at, isObject, type JsonObject, numberAt, stringAt } from '../../shared/json.ts'
import { type Answer, api3, type Call, type Endpoint, viewerOf } from '../call.ts'
import { badRequest, refusal } from '../jira-error.ts'
import { runJql } from '../jql/run-jql.ts'
import type { Issue } from '../model.ts'
import { chooseFields, renderIssue } from '../render/issue.ts'
import { listOf, placeOf } from './place.ts'

const usualPage = 50
/** With fields, and with ids and keys alone. */
const mostWithFields = 100
const mostBare = 5000
const mostReconciled = 50

interface Wanted {
  jql: string
  maxResults: number
  nextPageToken: string | null
  fields: string[]
  properties: string[]
  withChangelog: boolean
  reconcile: string[]
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function fromQuery(query: URLSearchParams): Wanted {
  return {
    jql: query.get('jql') ?? '',
    maxResults: Number(query.get('maxResults') ?? usualPage),
    nextPageToken: query.get('nextPageToken'),
    fields: listOf(query, 'fields'),
    properties: listOf(query, 'properties'),
    withChangelog: listOf(query, 'expand').includes('changelog'),
    reconcile: listOf(query, 'reconcileIssues'),
  }
}

const bodyKeys = new Set([
  'jql',
  'maxResults',
  'nextPageToken',
  'fields',
  'properties',
  'expand',
  'fieldsByKeys',
  'reconcileIssues',
])

function fromBody(body: unknown): Wanted {
  if (!isObject(body) || Object.keys(body).some((key) => !bodyKeys.has(key)))
    throw badRequest('Invalid request payload. Refer to the REST API documentation and try again.')
  const expand = at(body, 'expand')
  return {
    jql: stringAt(body, 'jql') ?? '',
    maxResults: numberAt(body, 'maxResults') ?? usualPage,
    nextPageToken: stringAt(body, 'nextPageToken') ?? null,
    fields: texts(at(body, 'fields')),
    properties: texts(at(body, 'properties')),
    withChangelog: (typeof expand === 'string' ? expand.split(',') : texts(expand)).includes('changelog'),
    reconcile: texts(at(body, 'reconcileIssues')),
  }
}

interface PageToken {
  from: number
  /** Of the query: a token is good for it alone. */
  hash: string
}

function hashOf(jql: string): string {
  return createHash('sha256').update(jql).digest('hex').slice(0, 16)
}

function readToken(wanted: Wanted): PageToken {
  const hash = hashOf(wanted.jql)
  if (wanted.nextPageToken === null) return { from: 0, hash }
  const [found, from] = Buffer.from(wanted.nextPageToken, 'base64url').toString('utf8').split(':')
  if (found !== hash || from === undefined || !/^\d{1,9}$/.test(from))
    throw badRequest('The nextPageToken is invalid or has expired.')
  return { from: Number(from), hash }
}

function find(call: Call, wanted: Wanted, token: PageToken): Issue[] {
  const { sim } = call
  const asker = { sim, person: viewerOf(call), now: sim.clock() }
  const issues = runJql(asker, wanted.jql, new Set(wanted.reconcile))
  if (sim.switches.searchPaging === 'live') return issues
  const key = `${asker.person?.accountId ?? ''}:${token.hash}`
  if (token.from === 0)
    sim.searches.set(
      key,
      issues.map((one) => one.id),
    )
  const ids = sim.searches.get(key) ?? []
  return ids.flatMap((id) => sim.issues.find((one) => one.id === id) ?? [])
}

function search(call: Call, wanted: Wanted): Answer {
  if (wanted.properties.length > 5) throw badRequest('A maximum of 5 issue property keys can be specified.')
  if (wanted.reconcile.length > mostReconciled)
    throw badRequest(`A maximum of ${mostReconciled} issues can be reconciled.`)
  if (!Number.isInteger(wanted.maxResults) || wanted.maxResults < 0)
    throw badRequest('The value of maxResults is not valid.')
  const token = readToken(wanted)
  const issues = find(call, wanted, token)
  const isBare = wanted.fields.every((one) => one === 'id' || one === 'key') && wanted.properties.length === 0
  const size = Math.max(1, Math.min(wanted.maxResults, isBare ? mostBare : mostWithFields))
  const page = issues.slice(token.from, token.from + size)
  const end = token.from + page.length
  const isLast = end >= issues.length
  const next = Buffer.from(`${token.hash}:${end}`).toString('base64url')
  return {
    body: {
      isLast,
      issues: page.map((issue) => render(call, issue, wanted)),
      ...(isLast ? {} : { nextPageToken: next }),
    },
    objects: page.length,
  }
}

/** Without `fields` there is nothing but the id; with `key` alone there are no fields. */
function render(call: Call, issue: Issue, wanted: Wanted): JsonObject {
  if (wanted.fields.every((one) => one === 'id') && wanted.properties.length === 0) return { id: issue.id }
  const { fields, ...bare } = renderIssue(placeOf(call), issue, wanted)
  return chooseFields(issue, wanted.fields).length === 0 ? bare : { ...bare, fields: fields ?? {} }
}

function count(call: Call): Answer {
  const issues = runJql(
    { sim: call.sim, person: viewerOf(call), now: call.sim.clock() },
    stringAt(call.body, 'jql') ?? '',
  )
  return { body: { count: issues.length } }
}

/** Removed in 2025. */
function gone(): never {
  throw refusal(410, 'The requested API has been removed. Please migrate to the /rest/api/3/search/jql API.')
}

const path = api3('/search/jql')
const scope = 'read:jira-work'

export const searchEndpoints: Endpoint[] = [
  { method: 'GET', path, scope, isOpen: true, handle: (call) => search(call, fromQuery(call.query)) },
  { method: 'POST', path, scope, isOpen: true, handle: (call) => search(call, fromBody(call.body)) },
  { method: 'POST', path: api3('/search/approximate-count'), scope, isOpen: true, handle: count },
  { method: 'GET', path: api3('/search'), scope, isOpen: true, handle: gone },
  { method: 'POST', path: api3('/search'), scope, isOpen: true, handle: gone },
]
