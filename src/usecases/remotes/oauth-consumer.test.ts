import { afterAll, beforeAll, expect, it } from 'vitest'
import { createAuthorizationCode, readAuthorizationRequest } from '../../../simulators/bitbucket/operations/oauth.ts'
import { createRemotesRig, createTurnedClock, type RemotesRig } from '../../../test/remotes.ts'
import { finishOAuth } from './finish-oauth.ts'
import { startOAuth } from './start-oauth.ts'

const sessionId = '0197d000-0000-7000-8000-000000000001'
let rig: RemotesRig

beforeAll(async () => {
  rig = await createRemotesRig({ turned: createTurnedClock() })
})
afterAll(async () => {
  await rig.close()
})

/** What the browser brings back after a login and consent at Bitbucket. */
async function consent(): Promise<{ state: string; code: string }> {
  const { key, secret } = rig.simulator.oauth_consumer
  const { organizationId, memberId } = rig
  const asked = { kind: 'bitbucket' as const, organizationId, memberId, sessionId, clientId: key, clientSecret: secret }
  const { authorization_url } = await startOAuth(rig.deps, asked)
  const request = readAuthorizationRequest(rig.simulator.sim, new URL(authorization_url).searchParams)
  const [person] = rig.simulator.sim.people
  if (person === undefined) throw new Error('Nobody can consent.')
  const back = new URL(createAuthorizationCode(rig.simulator.sim, { ...request, person })).searchParams
  return { state: back.get('state') ?? '', code: back.get('code') ?? '' }
}

it('is kept once when two first logins with it end at the same time', async () => {
  const { organizationId, memberId, actor } = rig
  const backs = [await consent(), await consent()]
  const outcomes = await Promise.allSettled(
    backs.map((back) => finishOAuth(rig.deps, { organizationId, memberId, sessionId, actor, ...back })),
  )
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'fulfilled'])
  expect(await rig.db.selectFrom('oauth_consumer').select('id').execute()).toHaveLength(1)
})
