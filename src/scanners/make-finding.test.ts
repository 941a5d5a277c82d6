import { expect, test } from 'vitest'
import { makeFinding } from './make-finding.ts'
import { rateFinding } from './rate-finding.ts'

test('no text of a finding holds what a database refuses', () => {
  const odd = 'fog\0\ud800'
  const finding = makeFinding({
    ...rateFinding({ word: 'high' }),
    kind: 'dependency',
    scanner: 'Pilot',
    ruleId: odd,
    title: odd,
    cwes: [],
    path: odd,
    snippet: odd,
    fixedIn: odd,
    package: { ecosystem: 'generic', name: odd, version: odd },
    resource: odd,
    suppressed: odd,
    otherPlaces: [{ path: odd, line: 1, message: odd }],
  })
  expect(JSON.stringify(finding)).not.toMatch(/\\u0000|\\ud800/)
})
