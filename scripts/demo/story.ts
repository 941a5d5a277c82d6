import * as z from 'zod'
import { createApiToken } from '../../contract/access/api-tokens.ts'
import { acceptInvitation, createInvitation } from '../../contract/access/members.ts'
import { completeSetup, logIn } from '../../contract/access/session.ts'
import { checkConnection, finishOAuth, getConnection, startOAuth } from '../../contract/remotes/connections.ts'
import { chooseRepositories, chooseWorkspace, getConnectionProgress } from '../../contract/remotes/repositories.ts'
import { listImports } from '../../contract/security/imports.ts'
import { createPolicy } from '../../contract/security/policies.ts'
import {
  getVulnerability,
  listVulnerabilities,
  type VulnerabilitySummary,
} from '../../contract/security/vulnerabilities.ts'
import { listDefects, sendVulnerability } from '../../contract/sync/defects.ts'
import { createMessage, listMessages, markThreadRead } from '../../contract/sync/messages.ts'
import { type Developer, logInAsDeveloper } from './developer.ts'
import { importByCommand } from './import-by-command.ts'
import type { SimulatorFacts } from './processes.ts'
import { placesOf, toSarif } from './reports.ts'
import { createWeirClient, type WeirClient } from './weir-client.ts'

export type Step = <Result>(name: string, act: () => Promise<Result>) => Promise<Result>
export type StoryInput = { baseUrl: string; setupToken: string; facts: SimulatorFacts; step: Step }

/** The people of the demonstration in Weir; one of each role. */
export const people = [
  { name: 'Mara Lind', email: 'mara@meadow-goods.example', role: 'admin', password: 'demo-password-mara' },
  { name: 'Ines Calder', email: 'ines@meadow-goods.example', role: 'champion', password: 'demo-password-ines' },
  { name: 'Tomas Okoye', email: 'tomas@meadow-goods.example', role: 'developer', password: 'demo-password-tomas' },
  { name: 'Noor Vance', email: 'noor@meadow-goods.example', role: 'viewer', password: 'demo-password-noor' },
] as const

const waitLimitMs = 30_000

/** Asks again until there is an answer; a story that stands still fails with what it waited for. */
async function until<Found>(what: string, look: () => Promise<Found | undefined | false>): Promise<Found> {
  const end = Date.now() + waitLimitMs
  while (Date.now() < end) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    await new Promise((later) => setTimeout(later, 50))
  }
  throw new Error(`waited ${waitLimitMs / 1000} s for: ${what}`)
}

async function setUp({ baseUrl, setupToken }: StoryInput): Promise<WeirClient> {
  const admin = createWeirClient({ baseUrl })
  const [first] = people
  const { name, email, password } = first
  await admin.call(completeSetup, {
    body: { setup_token: setupToken, organization_name: 'Meadow Goods', name, email, password },
  })
  return admin
}

async function inviteEverybody(admin: WeirClient): Promise<WeirClient> {
  for (const { name, email, role, password } of people.slice(1)) {
    const { link } = await admin.call(createInvitation, { body: { email, role } })
    const token = decodeURIComponent(new URL(link).hash.slice(1))
    await createWeirClient({ baseUrl: admin.baseUrl }).call(acceptInvitation, { body: { token, name, password } })
  }
  const champion = createWeirClient({ baseUrl: admin.baseUrl })
  await champion.call(logIn, { body: { email: people[1].email, password: people[1].password } })
  return champion
}

/** Through Bitbucket's login and consent pages and back, as a browser does. */
async function connectByOAuth(admin: WeirClient, facts: SimulatorFacts): Promise<string> {
  const callback = `${admin.baseUrl}/oauth/bitbucket/callback`
  if (facts.control === null) throw new Error('the simulator was started without its control interface')
  await fetch(`${facts.control}/oauth-callback`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ callback_url: callback }),
  })
  const { key, secret } = facts.oauth_consumer
  const started = await admin.call(startOAuth, { body: { kind: 'bitbucket', client_id: key, client_secret: secret } })
  const owner = await logInAsDeveloper(facts, 'mara-lind', (url) => url.startsWith(callback))
  await owner.browser.open(started.authorization_url)
  const asked = new URL(started.authorization_url).searchParams
  const fields = Object.fromEntries(
    ['client_id', 'response_type', 'redirect_uri', 'state'].flatMap((name) => {
      const value = asked.get(name)
      return value === null ? [] : [[name, value]]
    }),
  )
  const page = await owner.browser.submit(`${facts.web}/site/oauth2/authorize`, { ...fields, decision: 'grant' })
  const answer = new URL(page.url).searchParams
  const connection = await admin.call(finishOAuth, {
    body: { state: answer.get('state') ?? '', code: answer.get('code') ?? '' },
  })
  await admin.call(chooseWorkspace, { params: { id: connection.id }, body: { workspace: facts.workspace.slug } })
  return connection.id
}

async function takeRepositories(admin: WeirClient, connectionId: string): Promise<void> {
  const params = { id: connectionId }
  await admin.call(chooseRepositories, { params, body: { selection: { kind: 'all' } } })
  await until('repositories and webhooks to be in place', async () => {
    const progress = await admin.call(getConnectionProgress, { params })
    if (progress.state === 'failed') throw new Error(progress.error ?? 'setting up repositories failed')
    const { assets, webhooks_ok: healthy } = await admin.call(getConnection, { params })
    return progress.state === 'idle' && assets > 0 && healthy > 0
  })
}

/** The hash of the main branch's head, as a pipeline would know it. */
async function headOf(facts: SimulatorFacts, repository: string): Promise<string> {
  const [person] = facts.users
  const authorization = `Basic ${Buffer.from(`${person?.email}:${person?.api_token}`).toString('base64')}`
  const response = await fetch(`${facts.api}/repositories/${facts.workspace.slug}/${repository}/refs/branches/main`, {
    headers: { authorization },
  })
  const branch = z.object({ target: z.object({ hash: z.string() }) }).parse(await response.json())
  return branch.target.hash
}

async function importReports(champion: WeirClient, facts: SimulatorFacts): Promise<void> {
  const { token } = await champion.call(createApiToken, {
    body: { name: 'Pipelines', scopes: ['import'], expires_in_days: 90 },
  })
  const machine = createWeirClient({ baseUrl: champion.baseUrl, apiToken: token })
  const report = toSarif(placesOf('storefront-api'), await headOf(facts, 'storefront-api'))
  await machine.upload('/api/v1/imports', { asset: 'storefront-api', file_name: 'heron.sarif' }, report)
  for (const asset of ['invoice-service', 'ledger-core', 'platform-infra']) {
    const text = toSarif(placesOf(asset), await headOf(facts, asset))
    await importByCommand({ baseUrl: champion.baseUrl, token, asset, report: text })
  }
  await until('four imports', async () => (await champion.call(listImports)).items.length >= 4)
}

type Sent = { vulnerability: VulnerabilitySummary; url: string }

async function findByPath(champion: WeirClient, path: string): Promise<VulnerabilitySummary> {
  const { items } = await champion.call(listVulnerabilities, { query: { q: path, limit: 100 } })
  const vulnerability = items.find((item) => item.asset.key === 'storefront-api' && item.path === path)
  if (vulnerability === undefined) throw new Error(`no vulnerability in ${path}`)
  return vulnerability
}

/** Waits until the item of a vulnerability stands in Bitbucket. */
async function untilSent(champion: WeirClient, vulnerability: VulnerabilitySummary): Promise<Sent> {
  const url = await until('the item in Bitbucket', async () => {
    const { items } = await champion.call(listDefects, { params: { id: vulnerability.id } })
    return items.find((defect) => defect.link === 'ok')?.url ?? undefined
  })
  return { vulnerability, url }
}

async function sendByHand(champion: WeirClient): Promise<Sent> {
  const vulnerability = await findByPath(champion, 'src/routes/products.js')
  await champion.call(sendVulnerability, { params: { id: vulnerability.id }, body: {} })
  return untilSent(champion, vulnerability)
}

async function untilHeard(champion: WeirClient, vulnerabilityId: string, text: string): Promise<void> {
  await until(`"${text}" in Weir`, async () => {
    const { items } = await champion.call(listMessages, { params: { id: vulnerabilityId }, query: { limit: 200 } })
    return items.some((message) => message.body.includes(text))
  })
}

/** `hear`: how an edit comes in where Bitbucket has no webhook for it (comments of issues): by a comparison asked for now. */
type Talk = Sent & { hear: () => Promise<unknown> }

async function converse(champion: WeirClient, tomas: Developer, { vulnerability, url, hear }: Talk): Promise<void> {
  const params = { id: vulnerability.id }
  const question = await tomas.comment(url, 'Is this page reachable without logging in? I would fix it this week then.')
  await untilHeard(champion, vulnerability.id, 'Is this page reachable without logging in?')
  const answer = 'Yes: the preview is public. Escape the name before it goes into the page, that is enough.'
  await champion.call(createMessage, { params, body: { body: answer } })
  await until('the answer in Bitbucket', async () =>
    (await tomas.read(url)).includes('Escape the name before it goes into the page'),
  )
  await question.edit('Is this page reachable without logging in? I would fix it today then.')
  await hear()
  await untilHeard(champion, vulnerability.id, 'I would fix it today then.')
  await champion.call(markThreadRead, { params })
}

async function fixOne(champion: WeirClient, tomas: Developer, facts: SimulatorFacts, sent: Sent): Promise<void> {
  const params = { id: sent.vulnerability.id }
  const statusIs = (status: string) => async () => (await champion.call(getVulnerability, { params })).status === status
  if (await tomas.close(sent.url)) await until('the vulnerability to await validation', statusIs('awaiting_validation'))
  const left = placesOf('storefront-api').filter(
    (place) => place.path !== sent.vulnerability.path || place.line !== sent.vulnerability.line,
  )
  await champion.upload(
    '/api/v1/imports',
    { asset: 'storefront-api', file_name: 'heron-after-the-fix.sarif' },
    toSarif(left, await headOf(facts, 'storefront-api')),
  )
  await until('the vulnerability to be fixed', statusIs('fixed'))
  await until('Bitbucket to hear of it', async () => /fixed/i.test(await tomas.read(sent.url)))
}

async function askAgain(champion: WeirClient, yuki: Developer, { vulnerability, url }: Sent): Promise<void> {
  await yuki.comment(
    url,
    'We have a wrapper for this in `lib/escape-html.js`. May I use it, or does the scanner not know it?',
  )
  await untilHeard(champion, vulnerability.id, 'We have a wrapper for this')
}

/**
 * Plays the whole story through the public interfaces of both sides; what is then on screen was really done. Answers
 * with the address of the conversation that goes on.
 */
export async function playStory(input: StoryInput): Promise<{ discussion: string }> {
  const { facts, step } = input
  const admin = await step('set up the organization and its administrator', () => setUp(input))
  const champion = await step('invite a champion, a developer and a viewer', () => inviteEverybody(admin))
  const connectionId = await step('connect Bitbucket by OAuth', () => connectByOAuth(admin, facts))
  await step('make assets of all repositories, and signed webhooks', () => takeRepositories(admin, connectionId))
  await step('a policy: critical vulnerabilities are sent by themselves', () =>
    champion.call(createPolicy, { body: { name: 'Critical ones at once', min_severity: 'critical' } }),
  )
  await step('import reports by API and by command', () => importReports(champion, facts))
  const tomas = await logInAsDeveloper(facts, 'tomas-okoye')
  const yuki = await logInAsDeveloper(facts, 'yuki-brandt')
  const hear = async () =>
    facts.mode === 'legacy' ? admin.call(checkConnection, { params: { id: connectionId } }) : undefined
  const fixed = await step('the policy has sent the critical ones to Bitbucket', async () =>
    untilSent(champion, await findByPath(champion, 'src/routes/orders.js')),
  )
  const talk = await step('send another one by hand', () => sendByHand(champion))
  await step('a developer asks in Bitbucket, the champion answers in Weir', () =>
    converse(champion, tomas, { ...talk, hear }),
  )
  await step('the developer closes an item, the next report proves it fixed', () =>
    fixOne(champion, tomas, facts, fixed),
  )
  await step('a developer leaves a question nobody has read yet', () => askAgain(champion, yuki, talk))
  return { discussion: talk.url }
}
