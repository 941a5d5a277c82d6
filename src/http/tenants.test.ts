import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { AnyRoute } from '../../contract/route.ts'
import { allRoutes } from '../../contract/routes.ts'
import { createTestApp, createTestClient, setUp, type TestApp, type TestClient, testPassword } from '../../test/app.ts'
import { tenantBodies } from '../../test/tenant-bodies.ts'
import { fillTenant, type TenantIds } from '../../test/tenant-fixture.ts'
import { tenantParams as params } from '../../test/tenant-params.ts'
import { readTenant } from '../../test/tenant-text.ts'
import { createOrganization } from '../usecases/access/create-organization.ts'

type Kind = keyof TenantIds

/** Ids in queries and bodies, `route.field`, and the status they are answered with; 200 must show nothing of the other. */
const ownFields: Readonly<Record<string, { kind: Kind; status: number }>> = {
  'listWebhooks.connection_id': { kind: 'connection', status: 200 },
  'listImports.asset_id': { kind: 'asset', status: 200 },
  'createImport.asset': { kind: 'asset', status: 404 },
  'listVulnerabilities.asset_id': { kind: 'asset', status: 200 },
  'listVulnerabilities.assignee_id': { kind: 'member', status: 200 },
  'listVulnerabilities.asset_id_not': { kind: 'asset', status: 200 },
  'listVulnerabilities.assignee_id_not': { kind: 'member', status: 200 },
  'updateVulnerability.assignee_id': { kind: 'member', status: 422 },
  'moveVulnerability.evidence_file_ids': { kind: 'evidence_file', status: 422 },
  'updateContributor.member_id': { kind: 'member', status: 422 },
  'createTeam.parent_id': { kind: 'team', status: 422 },
  'updateTeam.parent_id': { kind: 'team', status: 422 },
  'updateTeam.repository_ids': { kind: 'repository', status: 422 },
  'addTeamMember.contributor_id': { kind: 'contributor', status: 422 },
  'addTeamMember.member_id': { kind: 'member', status: 422 },
  'keepContributorsApart.one_id': { kind: 'contributor', status: 404 },
  'keepContributorsApart.other_id': { kind: 'contributor', status: 404 },
  'mergeContributors.merges': { kind: 'contributor', status: 422 },
  'createMessage.mentions': { kind: 'member', status: 422 },
  'updateMessage.mentions': { kind: 'member', status: 422 },
  'createMessage.attachment_ids': { kind: 'attachment', status: 422 },
  'createVulnerability.asset_id': { kind: 'asset', status: 422 },
  'createVulnerability.template_id': { kind: 'vulnerability_template', status: 422 },
  'createVulnerability.assignee_id': { kind: 'member', status: 422 },
  'mergeVulnerabilities.into': { kind: 'vulnerability', status: 404 },
  'mergeVulnerabilities.ids': { kind: 'vulnerability', status: 404 },
  'splitVulnerability.finding_ids': { kind: 'finding', status: 404 },
  'previewBulkChange.ids': { kind: 'vulnerability', status: 200 },
  'previewBulkChange.change': { kind: 'member', status: 422 },
  'previewBulkChange.filters': { kind: 'asset', status: 422 },
  'createBulkChange.filters': { kind: 'asset', status: 422 },
  'createBulkChange.ids': { kind: 'vulnerability', status: 404 },
  'createBulkChange.change': { kind: 'member', status: 422 },
  'createPolicy.asset_ids': { kind: 'asset', status: 422 },
  'updatePolicy.asset_ids': { kind: 'asset', status: 422 },
  'tryPolicy.asset_ids': { kind: 'asset', status: 200 },
  'previewItem.vulnerability_id': { kind: 'vulnerability', status: 404 },
  'createTrackerRoute.asset_id': { kind: 'asset', status: 422 },
  'createTrackerRoute.connection_id': { kind: 'connection', status: 422 },
  'updateTrackerRoute.connection_id': { kind: 'connection', status: 422 },
  'createMessage.parent_id': { kind: 'message', status: 404 },
  'readNotifications.ids': { kind: 'notification', status: 200 },
  'listDeliveries.connection_id': { kind: 'connection', status: 200 },
  'listDeliveries.vulnerability_id': { kind: 'vulnerability', status: 200 },
  'retryDeliveryFailures.connection_id': { kind: 'connection', status: 202 },
  'createPublicLink.repository_ids': { kind: 'repository', status: 422 },
  'createPublicLink.team_ids': { kind: 'team', status: 422 },
  'updateAgreements.items': { kind: 'team', status: 422 },
  'getAgreements.repository': { kind: 'repository', status: 422 },
  'getAgreements.team': { kind: 'team', status: 422 },
  'listBrokenAgreements.repository': { kind: 'repository', status: 422 },
  'listBrokenAgreements.team': { kind: 'team', status: 422 },
  'explainMetric.deployment': { kind: 'repository', status: 404 },
  'getMetric.repository': { kind: 'repository', status: 404 },
  'getInvestment.repository': { kind: 'repository', status: 422 },
  'getInvestment.team': { kind: 'team', status: 422 },
  'listInvestmentRows.repository': { kind: 'repository', status: 422 },
  'listInvestmentRows.team': { kind: 'team', status: 422 },
  'getActivity.repository': { kind: 'repository', status: 422 },
  'getActivity.team': { kind: 'team', status: 422 },
  'getReviewMatrix.repository': { kind: 'repository', status: 422 },
  'getReviewMatrix.team': { kind: 'team', status: 422 },
  'listDeployments.repository': { kind: 'repository', status: 200 },
  'listIncidents.repository': { kind: 'repository', status: 200 },
  'listDeployments.team': { kind: 'team', status: 422 },
  'listIncidents.team': { kind: 'team', status: 422 },
  'listMetricRows.repository': { kind: 'repository', status: 404 },
  'getMetric.team': { kind: 'team', status: 404 },
  'listMetricRows.team': { kind: 'team', status: 404 },
  'compareDelivery.repository': { kind: 'repository', status: 422 },
  'compareDelivery.team': { kind: 'team', status: 422 },
}

/** An export is asked for by the filters of the list. */
const exportFields = ['exportCsv', 'exportJson', 'exportSarif', 'exportVex'].flatMap((route) =>
  Object.entries(ownFields).flatMap(([name, expected]) => {
    const [of, field] = name.split('.')
    return of === 'listVulnerabilities' ? [[`${route}.${field}`, expected] as const] : []
  }),
)
const fields: typeof ownFields = { ...ownFields, ...Object.fromEntries(exportFields) }

let test: TestApp
let mine: TestClient
let ours: TenantIds
let theirs: TenantIds
let ourOrganization = ''
let theirOrganization = ''
const at = new Date('2026-01-05T10:00:00Z')

beforeAll(async () => {
  test = await createTestApp()
  mine = await setUp(test)
  const { db, newId } = test.app.context
  const made = await createOrganization(
    { ...test.app.context, publicUrl: test.url },
    { name: 'zebra', adminEmail: 'zoe@example.com' },
  )
  const json = { token: made.invitationLink.split('#')[1], name: 'zebra Zoe', password: testPassword }
  const zoe = await createTestClient(test.url).send('POST', '/api/v1/invitations/accept', { json })
  theirOrganization = made.organizationId
  const session = Object((await mine.send('GET', '/api/v1/session')).body)
  ourOrganization = session.organization.id
  const own = { organizationId: ourOrganization, memberId: session.member.id, mark: 'otter' }
  const other = { organizationId: theirOrganization, memberId: Object(zoe.body).member.id, mark: 'zebra' }
  ours = await fillTenant(db, { ...own, newId, at })
  theirs = await fillTenant(db, { ...other, newId, at })
})
afterAll(async () => test.close())

/** Names of the fields of a schema that hold an id or a list of ids. */
function idFieldsOf(schema: AnyRoute['body']): string[] {
  if (schema === undefined) return []
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return Object.entries(properties).flatMap(([name, property]) =>
    JSON.stringify(property).includes('"format":"uuid"') || /(^|_)ids?$/.test(name) ? [name] : [],
  )
}

const withId = allRoutes.filter((route) => route.params !== undefined)
/** OAuth's `client_id` is Bitbucket's name of the consumer, not a row of ours. */
const fieldCases = allRoutes.flatMap((route) =>
  [...idFieldsOf(route.query), ...idFieldsOf(route.body), ...(route.id === 'createImport' ? ['asset'] : [])]
    .filter((field) => field !== 'client_id')
    .map((field) => ({ name: `${route.id}.${field}`, route, field })),
)

it('every id of every route has a line in the tables above, and no other', () => {
  expect(Object.keys(params).toSorted()).toEqual(withId.map((route) => route.id).toSorted())
  expect(Object.keys(fields).toSorted()).toEqual(fieldCases.map(({ name }) => name).toSorted())
})

async function send(route: AnyRoute, id: string, more: Record<string, unknown> = {}) {
  const path = route.path.replaceAll(/:\w+/g, id)
  if (route.method === 'GET') return mine.send('GET', `${path}?${new URLSearchParams(Object(more))}`)
  if (route.id === 'createImport') {
    const headers = { 'content-type': 'application/json' }
    return mine.send('POST', `${path}?${new URLSearchParams(Object(more))}`, { body: '{"runs":[]}', headers })
  }
  if (route.id === 'addEvidenceFile' || route.id === 'addAttachment') {
    const headers = { 'content-type': 'application/octet-stream' }
    return mine.send('POST', `${path}?name=note.txt`, { body: 'mine', headers })
  }
  if (route.body === undefined) return mine.send(route.method, path)
  return mine.send(route.method, path, { json: { ...tenantBodies[route.id], ...more } })
}

async function expectUntouched(work: () => Promise<{ status: number; text: string }>): Promise<number> {
  const before = await readTenant(test.database.pool, theirOrganization)
  const { status, text } = await work()
  expect(text).not.toContain('zebra')
  expect(await readTenant(test.database.pool, theirOrganization)).toBe(before)
  return status
}

describe("another organization's id", () => {
  it.each(withId.map((route) => ({ name: route.id, route })))(
    'in the address of $name is not found',
    async ({ route }) => {
      const kind = params[route.id]
      const id = kind === undefined ? '' : theirs[kind]
      expect(await expectUntouched(() => send(route, id))).toBe(404)
    },
  )

  it.each(fieldCases)(
    'as $name does nothing there, shows nothing, and is kept nowhere here',
    async ({ name, route, field }) => {
      const expected = fields[name]
      const foreign = theirs[expected?.kind ?? 'asset']
      const isList = /(^|_)ids$/.test(field)
      const kind = params[route.id]
      const own = kind === undefined ? '' : ours[kind]
      const status = await expectUntouched(() => send(route, own, { [field]: isList ? [foreign] : foreign }))
      expect(status).toBe(expected?.status)
      expect(await readTenant(test.database.pool, ourOrganization)).not.toContain(foreign)
    },
  )

  it('is not found under our own webhook address', async () => {
    const path = `/hooks/bitbucket/${ourOrganization}/${theirs.webhook}`
    const headers = {
      'x-event-key': 'repo:push',
      'x-request-uuid': 'one',
      'x-hub-signature': `sha256=${'0'.repeat(64)}`,
    }
    const answer = await createTestClient(test.url).send('POST', path, { body: '{}', headers })
    expect(answer.status).toBe(404)
  })
})

it('lists show the own rows alone', async () => {
  for (const route of allRoutes.filter(
    ({ method, params: path, id }) => method === 'GET' && path === undefined && id !== 'streamEvents',
  )) {
    const { status, text } = await mine.send('GET', route.path)
    expect([route.id, status, text.includes('zebra'), text.includes('sealed')]).toEqual([route.id, 200, false, false])
  }
})

it('the same calls with own ids do find them: the tests above can fail', async () => {
  const found = await Promise.all(
    [
      'getConnection',
      'getAsset',
      'getPullRequest',
      'getImport',
      'getVulnerability',
      'listMessages',
      'getDelivery',
      'listOutgoingDeliveries',
      'getOutgoingDelivery',
      'listDefects',
      'listVulnerabilityEvents',
    ].map(async (id) => {
      const route = allRoutes.find((candidate) => candidate.id === id)
      const kind = params[id]
      return route === undefined || kind === undefined ? 0 : (await send(route, ours[kind])).status
    }),
  )
  expect(found).toEqual(found.map(() => 200))
})
