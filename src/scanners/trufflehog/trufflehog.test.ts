import { expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { trufflehog } from './index.ts'

const git = (more: object = {}) => ({
  Data: { Git: { commit: '0b1c2d3e4f5061', file: 'quay/.env', email: 'pilot@example.com', line: 3, ...more } },
})
const leak = (more: object = {}) => ({
  SourceMetadata: git(),
  SourceID: 1,
  SourceType: 16,
  SourceName: 'trufflehog - git',
  DetectorType: 900,
  DetectorName: 'Harbour',
  DecoderName: 'PLAIN',
  Verified: false,
  Raw: 'hrb_4f9c0a77e1d2',
  RawV2: '',
  Redacted: 'hrb_4f…',
  ExtraData: null,
  StructuredData: null,
  ...more,
})
const oldLeak = (more: object = {}) => ({
  branch: 'origin/main',
  commit: 'moor',
  commitHash: '0b1c2d3e4f50',
  date: '2020-01-01 10:00:00',
  diff: '@@ -1 +1 @@\n+key = hrb_4f9c0a77e1d2',
  path: 'quay/pier.py',
  printDiff: '…',
  reason: 'Harbour Key',
  stringsFound: ['hrb_4f9c0a77e1d2', 'hrb_second_one'],
  ...more,
})
const pythonLeak = (more: object = {}) => ({
  rule: { id: 'high-entropy', message: 'High Entropy', severity: 'MEDIUM' },
  path: 'quay/pier.py',
  line: '12',
  secret: 'hrb_4f9c0a77e1d2',
  context: { '12': "key = 'hrb_4f9c0a77e1d2'" },
  id: '6ac0ab3b-0000-4000-8000-000000000000',
  commit: '0b1c2d3e4f50',
  ...more,
})
const lines = (...entries: object[]) => `${entries.map((entry) => JSON.stringify(entry)).join('\n')}\n`

test('keeps what every format must keep', async () => {
  expect(
    await findBreaches(trufflehog, [
      { name: 'version 3', text: lines(leak(), leak({ Raw: 'hrb_b' })), results: 2, isOpenEnded: true },
      { name: 'version 3, one list', text: JSON.stringify([leak(), leak()], null, 2), results: 2 },
      { name: 'version 3 in Python', text: JSON.stringify([pythonLeak(), pythonLeak({ path: 'b.py' })]), results: 2 },
      { name: 'version 2', text: lines(oldLeak(), oldLeak({ path: 'b.py' })), results: 4, isOpenEnded: true },
    ]),
  ).toEqual([])
}, 20_000)

test('one secret in one file is one finding; the verified place stands for all', async () => {
  const text = lines(
    leak(),
    leak({ SourceMetadata: git({ commit: 'ffff', line: 9 }), Verified: true }),
    leak({ DecoderName: 'BASE64' }),
    leak({ SourceMetadata: git({ file: 'other.env' }) }),
  )
  const { findings, steps } = await readText(trufflehog, text)
  expect(steps).toEqual(['repeated', 'finding', 'repeated', 'finding'])
  expect(findings[0]).toMatchObject({
    kind: 'secret',
    ruleId: 'Harbour',
    severity: 'critical',
    secret: 'hrb_4f9c0a77e1d2',
    path: 'quay/.env',
    startLine: 9,
    otherPlaces: [{ line: 3 }, { line: 3 }],
  })
  expect(findings[1]).toMatchObject({ severity: 'medium', path: 'other.env' })
})

test.each([
  [{ Filesystem: { file: '/repo/a.env', line: 2 } }, 'a.env', 2],
  [{ Github: { file: 'a.env', link: 'https://git.example.com/a.env', line: 0 } }, 'a.env', null],
  [{ S3: { bucket: 'ships', file: 'logs/a.txt' } }, 'ships/logs/a.txt', null],
  [{ Docker: { file: '/etc/a', image: 'quay:5', layer: 'sha256:77', tag: '5' } }, 'etc/a', null],
  [{ Slack: { channel_id: 'C1' } }, null, null],
  [{}, null, null],
])('finds the place in %j', async (Data, path, startLine) => {
  const { findings } = await readText(trufflehog, lines(leak({ SourceMetadata: { Data } })))
  expect(findings).toMatchObject([{ path, startLine }])
})

test('the version in Python tells its rule, its line and what is in it', async () => {
  const { findings, steps } = await readText(trufflehog, JSON.stringify([pythonLeak(), pythonLeak({ line: '3' })]))
  expect(steps).toEqual(['finding', 'repeated'])
  expect(findings[0]).toMatchObject({
    ruleId: 'high-entropy',
    title: 'High Entropy',
    severity: 'medium',
    path: 'quay/pier.py',
    startLine: 12,
    secret: 'hrb_4f9c0a77e1d2',
  })
})

test('entries that cannot be read keep it from closing anything; nothing but such entries is no report', async () => {
  const { steps, tools } = await readText(trufflehog, lines(leak(), { SourceMetadata: git() }))
  expect(steps).toEqual(['finding', 'unreadable'])
  expect(tools[0]?.problem).toBe('some of its entries cannot be read')
  await expect(readText(trufflehog, JSON.stringify({ profiles: ['"SourceMetadata": 1'] }))).rejects.toThrow(
    'no entry in it names a detector',
  )
})

test('version 2 tells several secrets at once', async () => {
  const { findings, steps } = await readText(trufflehog, lines(oldLeak(), oldLeak({ commitHash: 'ffff' })))
  expect(steps).toEqual(['finding', 'finding', 'repeated', 'repeated'])
  expect(findings.map(({ secret, ruleId, path }) => [secret, ruleId, path])).toEqual([
    ['hrb_4f9c0a77e1d2', 'Harbour Key', 'quay/pier.py'],
    ['hrb_second_one', 'Harbour Key', 'quay/pier.py'],
  ])
})

test('lines of its log are counted, and an error among them keeps it from closing anything', async () => {
  const info = { level: 'info-0', ts: '2025', logger: 'trufflehog', msg: 'running source' }
  const calm = await readText(trufflehog, lines(info, leak()))
  expect([calm.steps, calm.unread.length, calm.tools[0]?.problem]).toEqual([['finding'], 1, null])
  const failed = await readText(trufflehog, lines({ ...info, level: 'error' }, leak()))
  expect(failed.tools[0]?.problem).toMatch(/errors/)
})

test('what hides its secret has none', async () => {
  const { findings } = await readText(trufflehog, lines(leak({ Raw: '', RawV2: null }), leak({ Raw: 'REDACTED' })))
  expect(findings.map(({ secret, snippet }) => [secret, snippet])).toEqual([[null, 'hrb_4f…']])
})
