import { describe, expect, test } from 'vitest'
import { findingKeys, type IdentityFields } from '../finding-identity.ts'
import type { ExistingFinding, ReportIdentity } from './identities.ts'
import { matchFindings } from './match-findings.ts'

type Told = Partial<IdentityFields> & { line?: number }

const nothing: IdentityFields = {
  kind: 'code',
  scanner: 'Lantern',
  ruleId: 'shell-injection',
  aliases: [],
  path: 'src/quay.py',
  fingerprint: null,
  snippet: null,
  message: 'A shell is started.',
  package: null,
  endpoint: null,
  resource: null,
  secret: null,
  isSecret: false,
}

function toIdentity(told: Told, position: number): ReportIdentity {
  const fields = { ...nothing, ...told }
  const keys = findingKeys(fields, 'salt')
  const { kind, scanner, ruleId, path } = fields
  const body = JSON.stringify(told)
  return {
    ...keys,
    position,
    kind,
    scanner,
    ruleId,
    path,
    line: told.line ?? null,
    column: 1,
    isSuppressed: false,
    bodyHash: body,
  }
}

function toExisting(told: Told, position: number): ExistingFinding {
  const { position: _, column: _column, isSuppressed: _suppressed, ...identity } = toIdentity(told, position)
  return { ...identity, id: `${position}`, contentIndex: 0, active: true, status: 'identified' }
}

/** Which old finding each new one is, and by which step; and what is closed. */
function compare(before: readonly Told[], now: readonly Told[]) {
  const { items, closed } = matchFindings({
    existing: before.map(toExisting),
    report: now.map(toIdentity),
    closingScanners: ['Lantern'],
  })
  return {
    found: items.map(({ findingId, step }) => (findingId === null ? 'new' : `${findingId} ${step}`)),
    closed: closed.map(({ id }) => id),
  }
}

describe('equal code', () => {
  const same = { snippet: 'run(command)' }
  const landmark = { ruleId: 'weak-hash', snippet: 'hash = md5(text)' }

  test('that moved down is known by how far the code around it moved', () => {
    const before = [{ ...landmark, line: 5 }, ...[10, 20, 30].map((line) => ({ ...same, line }))]
    const now = [{ ...landmark, line: 15 }, ...[30, 40].map((line) => ({ ...same, line }))]
    expect(compare(before, now)).toEqual({ found: ['0 content', '2 content', '3 content'], closed: ['1'] })
  })

  test('of which one is gone closes the one whose going moves the others least', () => {
    const before = [10, 20, 30].map((line) => ({ ...same, line }))
    expect(
      compare(
        before,
        [21, 31].map((line) => ({ ...same, line })),
      ),
    ).toEqual({
      found: ['1 content', '2 content'],
      closed: ['0'],
    })
    expect(
      compare(
        before,
        [11, 31].map((line) => ({ ...same, line })),
      ),
    ).toEqual({
      found: ['0 content', '2 content'],
      closed: ['1'],
    })
  })

  test('of which one came is new where it came', () => {
    const before = [10, 20].map((line) => ({ ...same, line }))
    const now = [11, 15, 21].map((line) => ({ ...same, line }))
    expect(compare(before, now)).toEqual({ found: ['0 content', 'new', '1 content'], closed: [] })
  })
})

describe('edited code', () => {
  const snippet = 'subprocess.call(command, shell=True)'
  const before = [{ snippet, line: 40 }]

  test.each([
    ['at the same line, whatever it says now', 'system(text)', 40, '0 nearest'],
    ['a few lines on, when a quarter of it is left', 'subprocess.run(words, shell=False)', 42, '0 nearest'],
    ['a few lines on, when nothing of it is left', 'system(text)', 42, 'new'],
    ['twenty lines on, when half of it is left', 'subprocess.call(words, shell=True)', 60, '0 nearest'],
    ['far away, when it is only alike', 'subprocess.call(words, shell=True)', 400, 'new'],
    ['far away, when it is nearly the same', 'subprocess.call(command, shell=True, True)', 400, '0 nearest'],
  ])('%s', (_, text, line, wanted) => {
    expect(compare(before, [{ snippet: text, line }]).found).toEqual([wanted])
  })

  test('is looked for where the code around it went', () => {
    const landmark = { ruleId: 'weak-hash', snippet: 'hash = md5(text)' }
    const moved = { snippet: 'subprocess.call(words, shell=True)', line: 440 }
    expect(compare([...before, { ...landmark, line: 30 }], [moved, { ...landmark, line: 430 }]).found).toEqual([
      '0 nearest',
      '1 content',
    ])
  })

  test('of another rule or file is another finding', () => {
    expect(compare(before, [{ snippet, line: 40, ruleId: 'other' }]).found).toEqual(['new'])
    expect(compare(before, [{ snippet: `${snippet} # now`, line: 40, path: 'src/other.py' }]).found).toEqual(['new'])
  })
})

describe('a renamed file', () => {
  const telling = { snippet: 'connection.execute(query % name)', line: 7 }
  const short = { snippet: 'eval(x)', line: 7 }

  test('keeps what is telling, wherever it went', () => {
    expect(compare([telling], [{ ...telling, path: 'lib/harbour.py' }]).found).toEqual(['0 renamed'])
  })

  test('keeps what is not telling when the file keeps its name and the old one is gone', () => {
    expect(compare([short], [{ ...short, path: 'lib/quay.py' }]).found).toEqual(['0 renamed'])
    expect(compare([short], [{ ...short, path: 'lib/harbour.py' }]).found).toEqual(['new'])
    const other = { ruleId: 'other', snippet: 'assert(y)', line: 1 }
    expect(compare([short, other], [{ ...short, path: 'lib/quay.py' }, other]).found).toEqual(['new', '1 content'])
  })

  test('is found by the end of its path among several', () => {
    const paths = ['one/src/quay.py', 'two/src/quay.py', 'two/lib/quay.py']
    const before = paths.map((path) => ({ ...telling, path }))
    const now = paths.map((path) => ({ ...telling, path: `checkout/${path}` })).toReversed()
    expect(compare(before, now)).toEqual({ found: ['2 renamed', '1 renamed', '0 renamed'], closed: [] })
  })

  test('is not guessed from text that stands in other files too', () => {
    const everywhere = { ...telling, path: 'src/other.py' }
    expect(compare([telling, everywhere], [{ ...telling, path: 'lib/harbour.py' }, everywhere])).toEqual({
      found: ['new', '1 content'],
      closed: ['0'],
    })
    expect(compare([telling, everywhere], [{ ...telling, path: 'lib/quay.py' }, everywhere]).found).toEqual([
      '0 renamed',
      '1 content',
    ])
    const stays = { ruleId: 'other', snippet: 'assert(y)', line: 1 }
    expect(compare([telling, everywhere, stays], [{ ...telling, path: 'lib/quay.py' }, everywhere, stays])).toEqual({
      found: ['new', '1 content', '2 content'],
      closed: ['0'],
    })
  })

  test('is not guessed when two fit as well', () => {
    const now = ['a/quay.py', 'b/quay.py'].map((path) => ({ ...telling, path }))
    expect(compare([{ ...telling, path: 'c/quay.py' }], now).found).toEqual(['new', 'new'])
  })
})

describe('an advisory for a package', () => {
  const lock = { kind: 'dependency' as const, path: 'package-lock.json' }
  const ref = { ecosystem: 'npm', name: 'lantern', version: '1.2.0' }
  const before = { ...lock, ruleId: 'GHSA-aaaa-bbbb-cccc', package: ref }

  test('is the same for another version that has it too', () => {
    expect(compare([before], [{ ...before, package: { ...ref, version: '1.3.0' } }]).found).toEqual(['0 content'])
  })

  test('is one each for two versions side by side', () => {
    const two = [before, { ...before, package: { ...ref, version: '2.0.0' } }]
    expect(compare(two, [{ ...before, package: { ...ref, version: '2.0.0' } }])).toEqual({
      found: ['1 exact'],
      closed: ['0'],
    })
  })

  test('is the same by its other name', () => {
    const now = { ...before, ruleId: 'CVE-2026-0001', aliases: ['GHSA-AAAA-bbbb-cccc'] }
    expect(compare([before], [now]).found).toEqual(['0 alias'])
    expect(compare([before], [{ ...before, aliases: ['CVE-2026-0001'] }]).found).toEqual(['0 alias'])
    expect(compare([before], [{ ...before, ruleId: 'CVE-2026-0001' }]).found).toEqual(['new'])
  })

  test('is the same in whichever manifest of the project it was read', () => {
    expect(compare([before], [{ ...before, path: 'package.json' }]).found).toEqual(['0 exact'])
  })

  test('moves with its file only', () => {
    expect(compare([before], [{ ...before, path: 'shop/package-lock.json' }]).found).toEqual(['0 renamed'])
    const other = { ...before, ruleId: 'GHSA-dddd-eeee-ffff' }
    expect(compare([before, other], [other, { ...before, path: 'shop/package-lock.json' }])).toEqual({
      found: ['1 exact', 'new'],
      closed: ['0'],
    })
  })
})

describe('a weakness of a running application', () => {
  const endpoint = { origin: 'https://quay.example:8443', method: 'GET', path: '/berths', parameter: 'id' }
  const before = { kind: 'web' as const, endpoint }
  test('is the same at another address', () => {
    expect(compare([before], [{ ...before, endpoint: { ...endpoint, origin: 'http://localhost' } }]).found).toEqual([
      '0 content',
    ])
  })
  test.each(['method', 'path', 'parameter'] as const)('is another one with another %s', (part) => {
    expect(compare([before], [{ ...before, endpoint: { ...endpoint, [part]: 'other' } }]).found).toEqual(['new'])
  })
  test('at two addresses in one report is two', () => {
    const two = [before, { ...before, endpoint: { ...endpoint, origin: 'https://other.example' } }]
    expect(compare(two, two.toReversed()).found).toEqual(['1 exact', '0 exact'])
  })
})

describe('a secret', () => {
  const before = { kind: 'secret' as const, secret: 'lantern-light-4711', snippet: 'key = x', isSecret: true, line: 3 }
  test('is the same in another line, however that reads', () => {
    expect(compare([before], [{ ...before, snippet: 'token: y', line: 90 }]).found).toEqual(['0 content'])
  })
  test('in the place of another one is another one', () => {
    expect(compare([before], [{ ...before, secret: 'other-lantern-0815' }]).found).toEqual(['new'])
  })
  test('went along with its file', () => {
    expect(compare([before], [{ ...before, path: 'config/keys.py' }]).found).toEqual(['0 renamed'])
  })
})

test('a configured resource is the same wherever it stands in its file', () => {
  const before = { kind: 'configuration' as const, path: 'main.tf', resource: 'aws_s3_bucket.invoices', line: 10 }
  expect(compare([before], [{ ...before, snippet: 'acl = "private"', line: 80 }]).found).toEqual(['0 content'])
  expect(compare([before], [{ ...before, resource: 'aws_s3_bucket.orders', line: 80 }]).found).toEqual(['new'])
})

test('a scanner that tells of nothing of a kind closes nothing of it', () => {
  const [code, secret] = [{ snippet: 'run(a)' }, { kind: 'secret' as const, secret: 'lantern-light' }]
  expect(compare([code, secret], [code])).toEqual({ found: ['0 content'], closed: [] })
  expect(compare([code, { ...secret, secret: 'other' }, secret], [code, secret]).closed).toEqual(['1'])
  // One that tells of nothing at all is the guard's to judge.
  expect(compare([code, secret], []).closed).toEqual(['0', '1'])
})

test('two rules that say the same of two places keep to their places', () => {
  const both = [40, 98].flatMap((line) => ['samesite', 'secure'].map((ruleId) => ({ ruleId, line, snippet: 'cookie' })))
  const shuffled = [3, 0, 2, 1].map((index) => both[index] ?? {})
  expect(compare(both, shuffled).found).toEqual(['3 content', '0 content', '2 content', '1 content'])
})

test('of several on one line each keeps what it says', () => {
  const on = (message: string) => ({ fingerprint: 'line-hash', message, line: 9 })
  const before = [on('c'), on('a'), on('b')]
  expect(compare(before, [on('a'), on('b'), on('c')]).found).toEqual(['1 exact', '2 exact', '0 exact'])
})
