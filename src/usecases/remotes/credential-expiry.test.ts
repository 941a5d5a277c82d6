import { afterAll, beforeAll, expect, it } from 'vitest'
import { createRemotesRig, createTurnedClock, type RemotesRig } from '../../../test/remotes.ts'
import { setCredentialExpiry, warnOfEndingCredentials } from './credential-expiry.ts'
import { renewCredential } from './renew-credential.ts'

const turned = createTurnedClock()
let rig: RemotesRig
let connectionId: string
beforeAll(async () => {
  rig = await createRemotesRig({ turned, repositories: 1 })
  connectionId = await rig.connect()
})
afterAll(async () => {
  await rig.close()
})

const dayMs = 86_400_000
const key = () => ({ organizationId: rig.organizationId, connectionId, actor: rig.actor })
const calls = async () =>
  (
    await rig.db
      .selectFrom('notification')
      .innerJoin('member', 'member.id', 'notification.member_id')
      .select(['notification.kind', 'notification.subject', 'member.role'])
      .orderBy('notification.created_at')
      .execute()
  ).map(({ kind, subject, role }) => [role, kind, /in (a day|\d+ days)/.exec(subject)?.[1]])

it('tells administrators 30, 7 and 1 days before a token ends, once each, and anew for the next one', async () => {
  const expiresAt = new Date(rig.deps.clock().getTime() + 40 * dayMs)
  const view = await setCredentialExpiry(rig.deps, { ...key(), expiresAt })
  expect(view.expires_at).toBe(expiresAt.toISOString())
  const told: number[] = []
  for (let day = 0; day < 42; day += 1) {
    await warnOfEndingCredentials(rig.deps)
    await warnOfEndingCredentials(rig.deps)
    told.push((await calls()).length)
    turned.advance(dayMs)
  }
  expect(await calls()).toEqual([
    ['admin', 'credential_ending', '30 days'],
    ['admin', 'credential_ending', '7 days'],
    ['admin', 'credential_ending', 'a day'],
  ])
  expect([told[9], told[10], told[32], told[33], told[38], told[39], told[41]]).toEqual([0, 1, 1, 2, 2, 3, 3])
  const next = new Date(rig.deps.clock().getTime() + 20 * dayMs)
  await setCredentialExpiry(rig.deps, { ...key(), expiresAt: next })
  await warnOfEndingCredentials(rig.deps)
  expect(await calls()).toHaveLength(4)
})

it('forgets the end of a token that was replaced', async () => {
  const [user] = rig.simulator.users
  const old = rig.simulator.sim.credentials.find((one) => one.token === user?.api_token)
  if (old === undefined) throw new Error('The simulator lost the credential.')
  const secret = `ATATT3x${rig.deps.newId()}`
  rig.simulator.sim.credentials.push({ ...old, token: secret })
  await setCredentialExpiry(rig.deps, { ...key(), expiresAt: rig.deps.clock() })
  expect((await renewCredential(rig.deps, { ...key(), secret })).expires_at).toBeNull()
})

it('does nothing to a connection of somebody else', async () => {
  const stranger = { ...key(), organizationId: rig.deps.newId(), expiresAt: null }
  await expect(setCredentialExpiry(rig.deps, stranger)).rejects.toMatchObject({ code: 'not_found' })
})
