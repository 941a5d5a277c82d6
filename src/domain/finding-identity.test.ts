import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codeUrl } from './code-url.ts'
import { parseCvss } from './cvss.ts'
import { findingKeys, type IdentityFields } from './finding-identity.ts'
import { nearestNames } from './nearest-names.ts'
import { normalisePath } from './normalise-path.ts'

const base: IdentityFields = {
  kind: 'code',
  scanner: 'Lantern',
  ruleId: 'r1',
  path: 'src/a.ts',
  fingerprint: 'x',
  snippet: 'a = b',
  message: 'm',
  aliases: [],
  package: null,
  endpoint: null,
  resource: null,
  secret: null,
  isSecret: false,
}
const keys = (more: Partial<IdentityFields>, salt = 's') => findingKeys({ ...base, ...more }, salt)

describe('the keys of a finding', () => {
  test('count the scanner’s own fingerprint within scanner, rule and file only', () => {
    const { toolKey } = keys({})
    for (const more of [{ scanner: 'Beacon' }, { ruleId: 'r2' }, { path: 'src/b.ts' }, { fingerprint: 'y' }])
      expect(keys(more).toolKey).not.toBe(toolKey)
    expect(keys({ snippet: 'other', message: 'other' }).toolKey).toBe(toolKey)
    expect(keys({ fingerprint: null }).toolKey).toBeNull()
  })

  test('do not see layout, and see the message only where there is no code', () => {
    expect(keys({ snippet: '\n   a  =\tb ' }).contentKey).toBe(keys({}).contentKey)
    expect(keys({ message: 'other' }).contentKey).toBe(keys({}).contentKey)
    expect(keys({ snippet: null, message: 'on line 12' }).contentKey).toBe(
      keys({ snippet: null, message: 'on line 90' }).contentKey,
    )
    expect(keys({ snippet: null, message: 'other' }).contentKey).not.toBe(keys({ snippet: null }).contentKey)
  })

  test('of a secret are salted', () => {
    const secret = { isSecret: true }
    expect(keys(secret, 'one')).not.toEqual(keys(secret, 'two'))
    expect(keys({}, 'one')).toEqual(keys({}, 'two'))
  })

  test('never fall together by moving a border between fields', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (ruleId, path, otherRule, otherPath) => {
        fc.pre(ruleId !== otherRule || path !== otherPath)
        expect(keys({ ruleId, path }).contentKey).not.toBe(keys({ ruleId: otherRule, path: otherPath }).contentKey)
      }),
    )
  })
})

describe('paths', () => {
  const runner = ['', 'home', 'runner', 'work', 'quay', 'quay', 'src', 'a.ts'].join('/')
  test.each([
    ['src\\door\\a.ts', 'src/door/a.ts'],
    ['./src//a.ts', 'src/a.ts'],
    ['src/x/../a.ts', 'src/a.ts'],
    ['../a.ts', '../a.ts'],
    [runner, 'src/a.ts'],
    ['/github/workspace/src/a.ts', 'src/a.ts'],
    ['/opt/atlassian/pipelines/agent/build/src/a.ts', 'src/a.ts'],
    ['/builds/harbour/quay/src/a.ts', 'src/a.ts'],
    ['D:\\a\\quay\\quay\\src\\a.ts', 'src/a.ts'],
    ['/etc/passwd', 'etc/passwd'],
  ])('%s is %s', (given, wanted) => expect(normalisePath(given)).toBe(wanted))

  test('normalised once are normalised', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('src', '..', '.', '', 'a b', 'x.ts'), { maxLength: 8 }), (steps) => {
        const once = normalisePath(steps.join('/'))
        expect(normalisePath(once)).toBe(once)
      }),
    )
  })
})

test.each([
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9.8, 'critical'],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O/RC:U', 7.8, 'high'],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/MAV:P/CR:L', 6.5, 'medium'],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 9.3, 'critical'],
  ['(AV:N/AC:L/Au:N/C:P/I:P/A:P)', 7.5, 'high'],
])('%s scores %f', (vector, score, severity) => {
  expect(parseCvss(vector)).toMatchObject({ score, severity })
})

test.each([
  '',
  '9.8',
  'CVSS:3.1/AV:N',
  'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:Q',
  'CVSS:3.1/AV:N/AV:N/PR:N/UI:N/S:U/C:H/I:H/A:H',
  'CVSS:9.9/AV:N',
])('"%s" is no vector', (text) => expect(parseCvss(text)).toBeUndefined())

test('a place in Bitbucket is escaped and names its lines', () => {
  const place = {
    repositoryUrl: 'https://bitbucket.org/harbour/quay/',
    revision: 'feature/x',
    path: 'src/a b#.ts',
    startLine: 12,
    endLine: 14,
  }
  expect(codeUrl(place)).toBe('https://bitbucket.org/harbour/quay/src/feature%2Fx/src/a%20b%23.ts#lines-12:14')
  expect(codeUrl({ ...place, endLine: 12 })).toMatch(/#lines-12$/)
})

test('the nearest names come first, and none when nothing is near', () => {
  expect(nearestNames('qay', ['harbour', 'quay', 'quay-api'], 2)[0]).toBe('quay')
  expect(nearestNames('zzz', ['harbour'], 3)).toEqual([])
})
