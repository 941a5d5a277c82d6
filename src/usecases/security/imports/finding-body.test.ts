import { expect, test } from 'vitest'
import { makeFinding } from '../../../scanners/make-finding.ts'
import { rateFinding } from '../../../scanners/rate-finding.ts'
import { prepareFinding, toFindingBody, toVulnerabilityBody } from './finding-body.ts'

// Words like any others: nothing about them looks like a secret.
const secret = 'four boats at dawn'

test('a secret the report shows is kept nowhere, whatever it looks like', () => {
  const place = { path: 'src/quay.py', line: 3, message: `seen as ${secret}` }
  const found = makeFinding({
    kind: 'secret',
    scanner: 'Lantern',
    ruleId: 'phrase',
    title: `The phrase ${secret} was found`,
    message: `Remove ${secret}.`,
    description: `It says ${secret}, and says it twice: ${secret}`,
    ...rateFinding({ word: 'high' }),
    path: 'src/quay.py',
    startLine: 3,
    snippet: `open(${secret})`,
    helpUri: `https://quay.example/?phrase=${encodeURIComponent(secret)}`,
    suppressed: `known: ${secret}`,
    resource: `vault/${secret}`,
    fingerprint: secret,
    secret,
    flow: [place],
    otherPlaces: [place],
  })
  const prepared = prepareFinding(found, 'salt')
  const kept = JSON.stringify([toFindingBody(prepared, 'lantern', 0), toVulnerabilityBody(prepared)])
  expect(kept).not.toContain(secret)
  expect(kept).not.toContain(encodeURIComponent(secret))
  expect(prepared.finding.message).toBe('Remove ••••••.')
  expect(prepared.keys).toEqual(prepareFinding(found, 'salt').keys)
  expect(prepared.keys.contentKey).not.toBe(prepareFinding(found, 'other').keys.contentKey)
})
