import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError, isAppError } from '../../lib/app-error.ts'
import { chooseScanner } from '../choose-scanner.ts'
import { findBreaches } from '../conformance.ts'
import { openReport } from '../open-report.ts'
import type { Report, ReportFinding, ReportResult } from '../scanner.ts'
import { spoolReport } from '../spool-report.ts'
import { sarif } from './index.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-sarif-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

const limits = { maxResults: 200, maxResultBytes: 20_000 }
async function open(bytes: string | Uint8Array): Promise<Report> {
  const path = join(folder, 'report')
  await writeFile(path, bytes)
  const { source, head } = await openReport(path, Buffer.byteLength(bytes))
  return chooseScanner(head, undefined).read(source, limits)
}
async function results(bytes: string | Uint8Array): Promise<ReportResult[]> {
  const all: ReportResult[] = []
  for await (const result of (await open(bytes)).results()) all.push(result)
  return all
}
const refusal = async (bytes: string | Uint8Array): Promise<AppError> => {
  try {
    await results(bytes)
  } catch (error) {
    if (isAppError(error)) return error
    throw error
  }
  throw new Error('It was read.')
}

type Run = Record<string, unknown>
const reportOf = (...runs: Run[]): string =>
  JSON.stringify({ $schema: 'https://example.com/sarif-2.1.0.json', version: '2.1.0', runs })
const runOf = (result: Run | Run[], more: Run = {}, driver: Run = {}): Run => ({
  results: Array.isArray(result) ? result : [result],
  tool: {
    driver: {
      name: 'Lantern',
      rules: [{ id: 'r1' }, { id: 'r2', defaultConfiguration: { level: 'note' } }],
      ...driver,
    },
  },
  ...more,
})
const at = (uri: string, more: Run = {}, region: Run = { startLine: 3 }): Run => ({
  locations: [{ physicalLocation: { artifactLocation: { uri, ...more }, region } }],
})
async function finding(result: Run, more: Run = {}, driver: Run = {}): Promise<ReportFinding> {
  const [first] = await results(reportOf(runOf({ message: { text: 'm' }, ruleId: 'r1', ...result }, more, driver)))
  if (first?.kind !== 'finding') throw new Error(`It is ${JSON.stringify(first)}.`)
  return first.finding
}

test('keeps what every format keeps', async () => {
  const result = {
    ruleId: 'r1',
    message: { text: 'An open door — vraiment ouverte' },
    ...at('src/a.ts', {}, { startLine: 3, snippet: { text: 'open("ü")' } }),
  }
  const specimens = [
    { name: 'two runs', text: reportOf(runOf([result, result]), runOf(result, {}, { name: 'Beacon' })), results: 3 },
    { name: 'no results', text: reportOf(runOf([])), results: 0 },
    {
      name: 'pretty',
      text: JSON.stringify(JSON.parse(reportOf(runOf([result, { kind: 'pass' }]))), null, 2),
      results: 2,
    },
  ]
  expect(await findBreaches(sarif, specimens)).toEqual([])
})

describe('the rule of a result', () => {
  const extension = { name: 'pack', rules: [{ id: 'x1', shortDescription: { text: 'From the pack' } }] }
  const tool = {
    tool: {
      driver: {
        name: 'Lantern',
        rules: [
          { id: 'r1', shortDescription: { text: 'First' } },
          { id: 'r2', shortDescription: { text: 'Second' } },
        ],
      },
      extensions: [extension],
    },
  }
  test.each<[string, Run, string, string]>([
    ['by id', { ruleId: 'r2' }, 'r2', 'Second'],
    ['by index alone', { ruleId: undefined, ruleIndex: 1 }, 'r2', 'Second'],
    ['by rule.index', { ruleId: undefined, rule: { index: 0 } }, 'r1', 'First'],
    ['by an index that belongs to another id: the id wins', { ruleId: 'r1', ruleIndex: 1 }, 'r1', 'First'],
    [
      'in an extension by index',
      { ruleId: undefined, rule: { index: 0, toolComponent: { index: 0 } } },
      'x1',
      'From the pack',
    ],
    ['in an extension by name', { ruleId: 'x1', rule: { toolComponent: { name: 'pack' } } }, 'x1', 'From the pack'],
    ['in an extension nobody named', { ruleId: 'x1' }, 'x1', 'From the pack'],
    ['of a part of a rule', { ruleId: 'r2/part' }, 'r2/part', 'Second'],
    ['that is nowhere', { ruleId: 'gone' }, 'gone', 'm'],
  ])('%s', async (_, result, ruleId, title) => {
    expect(await finding(result, tool)).toMatchObject({ ruleId, title })
  })

  test('may stand behind the results in the file', async () => {
    const text = `{"version":"2.1.0","runs":[{"results":[{"ruleId":"r1","message":{"text":"m"}}],"tool":{"driver":{"name":"L","rules":[{"id":"r1","shortDescription":{"text":"Late"}}]}}}]}`
    expect(await results(text)).toMatchObject([{ kind: 'finding', finding: { title: 'Late', scanner: 'L' } }])
  })
})

describe('the severity of a result', () => {
  test.each<[string, Run, Run, string]>([
    ['its level', { level: 'error' }, {}, 'high'],
    ['its rule’s level', { ruleId: 'r2' }, {}, 'low'],
    ['warning when nobody says', {}, {}, 'medium'],
    ['none', { level: 'none' }, {}, 'notification'],
    ['open to a person’s judgement', { kind: 'review' }, {}, 'notification'],
    [
      'the score of its rule',
      { level: 'note' },
      { rules: [{ id: 'r1', properties: { 'security-severity': '9.1' } }] },
      'critical',
    ],
    [
      'its own score before the rule’s',
      { properties: { 'security-severity': 3.2 } },
      { rules: [{ id: 'r1', properties: { 'security-severity': '9.1' } }] },
      'low',
    ],
    [
      'a CVSS vector before any score',
      { properties: { cvssV3_vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 'security-severity': '1.0' } },
      {},
      'critical',
    ],
    ['a score that is none', { properties: { 'security-severity': 'very' } }, {}, 'medium'],
  ])('is %s', async (_, result, driver, severity) => {
    expect((await finding(result, {}, driver)).severity).toBe(severity)
  })
})

describe('the place of a result', () => {
  const bases = {
    originalUriBaseIds: {
      ROOT: { uri: 'file:///builds/x/' },
      SRC: { uri: 'packages/api/', uriBaseId: 'ROOT' },
      LOOP: { uri: 'a/', uriBaseId: 'LOOP' },
    },
  }
  test.each<[string, Run, string]>([
    ['src/a%20b.ts', {}, 'src/a b.ts'],
    ['src\\door\\a.ts', {}, 'src/door/a.ts'],
    ['100%.ts', {}, '100%.ts'],
    ['a.ts', { uriBaseId: 'SRC' }, 'packages/api/a.ts'],
    ['a.ts', { uriBaseId: 'ROOT' }, 'a.ts'],
    ['a.ts', { uriBaseId: 'UNKNOWN' }, 'a.ts'],
    ['file:///builds/x/src/a.ts', {}, 'src/a.ts'],
    ['file:///C:/code/a.c', {}, 'C:/code/a.c'],
    ['https://quay.example/login?next=1#top', {}, 'https://quay.example/login'],
  ])('%s with %j is %s', async (uri, more, path) => {
    expect((await finding(at(uri, more), bases)).path).toBe(path)
  })

  test('is found through the list of artifacts, ends even when bases stand in a circle, and may be missing', async () => {
    const artifacts = {
      artifacts: [
        { location: { uri: 'src/zero.ts' } },
        { location: { uri: 'src/one.ts' }, contents: { text: 'x'.repeat(100) } },
      ],
    }
    const [location] = [{ physicalLocation: { artifactLocation: { index: 1 } } }]
    expect((await finding({ locations: [location] }, artifacts)).path).toBe('src/one.ts')
    expect((await finding(at('a.ts', { uriBaseId: 'LOOP' }), bases)).path).toMatch(/^(a\/)+a\.ts$/)
    expect(await finding({})).toMatchObject({ path: null, startLine: null })
    expect(
      (await finding({ locations: [{ logicalLocations: [{ fullyQualifiedName: 'quay.Door.open' }] }] })).path,
    ).toBe('quay.Door.open')
  })
})

test('CWE numbers come from tags, properties, taxa and relationships', async () => {
  const rules = [
    {
      id: 'r1',
      properties: { tags: ['external/cwe/cwe-079', 'CWE-22: Path'], cwe: ['CWE-89'] },
      relationships: [{ target: { id: '352', toolComponent: { name: 'CWE' } } }],
    },
  ]
  const taxonomies = [{ name: 'CWE', taxa: [{ id: '611' }] }]
  const found = await finding(
    {
      taxa: [
        { index: 0, toolComponent: { index: 0 } },
        { id: '502', toolComponent: { name: 'cwe' } },
      ],
    },
    { taxonomies },
    { rules },
  )
  expect(found.cwes).toEqual([22, 79, 89, 352, 502, 611])
})

test('messages are filled in, found by id, and lose their links', async () => {
  const rules = [{ id: 'r1', messageStrings: { default: { text: 'The door {0} of {1} is [open](1).' } } }]
  const found = await finding({ message: { id: 'default', arguments: ['A', 'B'] } }, {}, { rules })
  expect(found.message).toBe('The door A of B is open.')
})

describe('results that do not count', () => {
  test.each<[Run, string]>([
    [{ kind: 'pass' }, 'kind'],
    [{ kind: 'notApplicable' }, 'kind'],
    [{ kind: 'informational' }, 'kind'],
    [{ baselineState: 'absent' }, 'absent'],
  ])('%j is skipped and counted', async (result, step) => {
    expect(await results(reportOf(runOf({ message: { text: 'm' }, ...result })))).toMatchObject([
      { kind: 'skipped', step },
    ])
  })

  test.each<[Run[] | undefined, boolean]>([
    [[{ kind: 'inSource' }], true],
    [[{ kind: 'external', status: 'accepted', justification: 'known' }], true],
    [[{ kind: 'external', status: 'underReview' }], false],
    [[{ kind: 'external', status: 'rejected' }, { kind: 'inSource' }], false],
    [[], false],
    [undefined, false],
  ])('suppressions %j: suppressed is %s', async (suppressions, isSuppressed) => {
    expect((await finding({ suppressions })).suppressed !== null).toBe(isSuppressed)
  })

  test('a single result that is far too long is counted, not read', async () => {
    const long = { message: { text: 'x'.repeat(30_000) } }
    expect(await results(reportOf(runOf([long, { message: { text: 'm' } }])))).toMatchObject([
      { kind: 'skipped', step: 'oversized' },
      { kind: 'finding' },
    ])
  })
})

describe('what is not read', () => {
  const ran = { message: { text: 'm' } }
  const long = { message: { text: 'x'.repeat(30_000) } }
  const read = async (report: string) => {
    const { unread, tools } = await open(report)
    return { unread, problems: tools.map((tool) => tool.problem) }
  }

  test('a result that is too long is counted with the reason, and its scanner proves nothing gone', async () => {
    const { unread, problems } = await read(reportOf(runOf([long, ran, long]), runOf(ran, {}, { name: 'Beacon' })))
    expect(unread).toEqual([expect.stringMatching(/^2 results of runs are longer than 20 kB and are not read\./)])
    expect(problems).toEqual([expect.stringContaining('too long'), null])
  })

  test('another part that is too long is counted too: without rules and paths findings are not recognised', async () => {
    const rule = { id: 'r3', help: { text: 'x'.repeat(30_000) } }
    const { unread, problems } = await read(reportOf(runOf(ran, {}, { rules: [rule] })))
    expect(unread).toEqual([expect.stringMatching(/^1 part of a run is longer than 20 kB/)])
    expect(problems).toEqual([expect.stringContaining('too long')])
  })

  test.each<[string, Run, boolean]>([
    ['results in another file', { results: [{ location: { uri: 'more.sarif' } }] }, true],
    ['rules in another file', { driver: { location: { uri: 'rules.sarif' } } }, true],
    ['graphs in another file', { graphs: [{ location: { uri: 'graphs.sarif' } }] }, false],
    ['nothing in another file', {}, false],
  ])('with %s', async (_what, externalPropertyFileReferences, isProblem) => {
    const { unread, problems } = await read(reportOf(runOf(ran, { externalPropertyFileReferences })))
    expect(unread).toHaveLength(1)
    expect(problems).toEqual([isProblem ? expect.stringContaining('outside') : null])
  })

  test('results that lie beside the runs keep every scanner of the file from closing', async () => {
    const report = { ...JSON.parse(reportOf(runOf(ran))), inlineExternalProperties: [{ results: [ran] }] }
    expect((await read(JSON.stringify(report))).problems).toEqual([expect.stringContaining('outside')])
  })
})

describe('fingerprints', () => {
  const fingerprints = async (...values: string[]): Promise<(string | null)[]> => {
    const all = values.map((value, index) => ({ message: { text: String(index) }, fingerprints: { 'id/v1': value } }))
    return (await results(reportOf(runOf(all)))).map((result) =>
      result.kind === 'finding' ? result.finding.fingerprint : null,
    )
  }
  test('that differ are used, placeholders and one value for all are not', async () => {
    expect(await fingerprints('a', 'b')).toEqual(['f:id/v1=a', 'f:id/v1=b'])
    expect(await fingerprints('requires login')).toEqual([null])
    expect(await fingerprints('same', 'same')).toEqual([null, null])
    expect(await fingerprints('', 'x')).toEqual([null, 'f:id/v1=x'])
  })
})

describe('runs', () => {
  test('of a failed scan, or without a list of results, prove nothing gone', async () => {
    expect((await open(reportOf(runOf([], { invocations: [{ executionSuccessful: false }] })))).tools).toMatchObject([
      { problem: 'the scanner says that its run failed' },
    ])
    expect((await open(reportOf({ tool: { driver: { name: 'L' } } }))).tools).toMatchObject([
      { name: 'L', problem: expect.stringContaining('no list') },
    ])
    expect((await open(reportOf({ tool: { driver: { name: 'L' } }, results: null }))).tools).toMatchObject([
      { problem: expect.stringContaining('no list') },
    ])
    expect((await open(reportOf(runOf([])))).tools).toMatchObject([{ problem: null }])
  })

  test('of parts of a repository keep apart, and tell the commit and what is not read', async () => {
    const report = await open(
      reportOf(
        runOf(
          { message: { text: 'm' }, fixes: [], relatedLocations: [] },
          {
            automationDetails: { id: 'language:go/' },
            versionControlProvenance: [{ revisionId: 'abcdef0123456789' }],
            webRequests: [],
          },
        ),
      ),
    )
    expect(report.tools).toMatchObject([{ name: 'Lantern (language:go)' }])
    expect(report.commit).toBe('abcdef0123456789')
    expect(report.unread).toHaveLength(3)
  })
})

describe('what is no good gets a sentence that says what to do', () => {
  const good = reportOf(runOf([{ message: { text: 'm' } }, { message: { text: 'n' } }]))
  const latin = Buffer.from(reportOf(runOf({ message: { text: 'na\u00efve' } })), 'latin1')
  const deep = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`
  test.each<[string, string | Uint8Array, string, RegExp]>([
    ['an empty file', '', 'report_not_recognised', /empty/],
    ['a text', 'Scan finished.', 'report_not_recognised', /no report Weir knows.*--format sarif/],
    ['a web page', '<!DOCTYPE html><html>', 'report_not_recognised', /a web page/],
    ['other JSON', '{"lanterns":[{"lit":true}]}', 'report_not_recognised', /JSON of a kind Weir does not know/],
    ['an empty list', ' [] ', 'report_not_recognised', /an empty list/],
    ['a bill of materials', '{"spdxVersion":"SPDX-2.3"}', 'report_not_recognised', /SPDX/],
    ['a zip archive', Buffer.from('504b030414000000', 'hex'), 'report_packed', /zip.*Unpack/],
    ['gzip', gzipSync(good), 'report_packed', /gzip.*Unpack/],
    [
      'a cut-off file',
      good.slice(0, good.length - 20),
      'report_truncated',
      new RegExp(`ends at byte ${good.length - 20}`),
    ],
    ['a broken character', latin, 'report_wrong_encoding', /UTF-8.*byte \d+/],
    ['UTF-32', Buffer.from('fffe00007b000000', 'hex'), 'report_wrong_encoding', /UTF-32/],
    ['no runs', '{"version":"2.1.0","runs":[]}', 'report_no_runs', /no runs/],
    ['runs that are null', '{"version":"2.1.0","runs":null}', 'report_no_runs', /no runs/],
    ['an old version', '{"version":"1.0.0","runs":[]}', 'report_invalid', /Convert/],
    ['a later version', '{"version":"2.2","runs":[]}', 'report_invalid', /Tell the scanner to write that version/],
    ['only a schema', '{"$schema":"https://example.com/sarif-2.1.0.json"}', 'report_invalid', /no "runs"/],
    ['two documents', `${good}\n${good}`, 'report_invalid', /several JSON documents/],
    ['a missing comma', good.replace('},{', '}{'), 'report_invalid', /byte \d+/],
    ['a raw NUL in a text', good.replace('"m"', '"\0"'), 'report_invalid', /byte \d+/],
    [
      'too many results',
      reportOf(runOf(Array.from({ length: 201 }, () => ({})))),
      'report_too_many_results',
      /200.*WEIR_MAX_RESULTS/,
    ],
    ['depth without end', `{"version":"2.1.0","runs":[],"properties":${deep(100_000)}}`, 'report_invalid', /nested/],
  ])('%s', async (_, bytes, code, sentence) => {
    const error = await refusal(bytes)
    expect(error.code).toBe(code)
    expect(error.detail).toMatch(sentence)
  })

  test('too many bytes stop the upload early and leave nothing behind', async () => {
    let taken = 0
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        taken += 1
        yield Buffer.alloc(1024)
      }
    }
    await expect(spoolReport(endless(), { folder: join(folder, 'spool'), maxBytes: 10_240 })).rejects.toMatchObject({
      code: 'report_too_large',
    })
    expect(taken).toBe(11)
  })
})

test('odd but valid JSON is read: __proto__, NUL escapes, lone surrogates, double keys, wrong types', async () => {
  const text = `{"version":"2.1.0","__proto__":{"polluted":1},"runs":[{"tool":5,"results":[
    {"ruleId":"r","ruleId":"s","message":{"text":"a\\u0000b\\ud800"},"__proto__":{"level":"error"},"locations":"here","codeFlows":{},"suppressions":7},
    null, 5, [], {"message":{"text":["x"]},"level":9,"fingerprints":{"__proto__":"z"}}
  ],"results":[{}]}]}`
  const all = await results(text)
  expect(all.map((result) => result.kind)).toEqual(Array.from({ length: 6 }, () => 'finding'))
  expect(all[0]).toMatchObject({ finding: { ruleId: 's', message: 'a\uFFFDb\uFFFD', severity: 'medium' } })
  expect(Object.prototype).not.toHaveProperty('polluted')
})

test('whatever the JSON, each result is one answer or the file is refused with a reason', async () => {
  const anything = fc.jsonValue({ maxDepth: 4 })
  const result = fc.record(
    {
      ruleId: anything,
      rule: anything,
      ruleIndex: anything,
      message: anything,
      locations: anything,
      level: anything,
      kind: anything,
      suppressions: anything,
      codeFlows: anything,
      partialFingerprints: anything,
      properties: anything,
      taxa: anything,
    },
    { requiredKeys: [] },
  )
  const run = fc.record(
    {
      tool: anything,
      results: fc.array(fc.oneof(result, anything), { maxLength: 6 }),
      originalUriBaseIds: anything,
      artifacts: anything,
      taxonomies: anything,
      invocations: anything,
      versionControlProvenance: anything,
    },
    { requiredKeys: ['results'] },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 3 }), async (runs) => {
      const text = JSON.stringify({ version: '2.1.0', runs })
      expect(await results(text)).toHaveLength(runs.flatMap((one) => one.results).length)
    }),
    { numRuns: 300 },
  )
})

test('the size of the pieces in which a file is read changes nothing', async () => {
  const { sliceJson } = await import('../json-slicer.ts')
  const text = reportOf(runOf([{ message: { text: 'quoted \\" and { [ ü' } }, { ruleId: 'r1' }]))
  const bytes = Buffer.from(text)
  const read = async (size: number): Promise<unknown[]> => {
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
    }
    const all: unknown[] = []
    for await (const slice of sliceJson(pieces(), {
      wish: (path) => (path.length < 4 ? 'enter' : 'take'),
      maxDepth: 50,
      maxSliceBytes: 10_000,
    }))
      all.push(slice)
    return all
  }
  const whole = await read(bytes.length)
  expect(whole.length).toBeGreaterThan(4)
  for (const size of [1, 2, 3, 7, 64]) expect(await read(size)).toEqual(whole)
})

describe('a report made to exhaust', () => {
  const version = '"version":"2.1.0"'
  const driver = (more: string): string => `{"runs":[{"tool":{${more}},"results":[]}],${version}}`
  test.each([
    ['runs', `{"runs":[${'1,'.repeat(200_000)}1],${version}}`],
    ['extensions', driver(`"driver":{"name":"x"},"extensions":[${'{"name":"x"},'.repeat(20_000)}{"name":"x"}]`)],
    ['rules', driver(`"driver":{"name":"x","rules":[${'{},'.repeat(200_000)}{}]}`)],
  ])('of more %s than any scanner writes is refused before it fills the memory', async (what, text) => {
    const error = await refusal(text)
    expect(error.code).toBe('report_invalid')
    expect(error.detail).toContain(` ${what}.`)
  })

  test('by a message of placeholders and one long argument stays small', async () => {
    const message = { text: '{0}'.repeat(2000), arguments: ['x'.repeat(9000)] }
    const startedMs = performance.now()
    const [result] = await results(reportOf(runOf({ ruleId: 'r1', message })))
    expect(performance.now() - startedMs).toBeLessThan(10_000)
    expect(result?.kind === 'finding' && result.finding.message.length).toBe(8000)
  })
})

test('an address with line breaks in it stays one address', async () => {
  const helpUri = 'https://example.com/a\n\n[weir]: #b <i>'
  const rules = [
    { id: 'r1', helpUri },
    { id: 'r2', helpUri: 'https://example.com' },
  ]
  const report = runOf([{ ruleId: 'r1' }, { ruleId: 'r2' }], {}, { rules, version: '1\0' })
  const read = await open(reportOf(report))
  expect(read.tools[0]?.version).toBe('1\uFFFD')
  const found: unknown[] = []
  for await (const result of read.results()) found.push(result.kind === 'finding' && result.finding.helpUri)
  expect(found).toEqual([expect.stringMatching(/^https:\/\/example\.com\/a\S+$/), 'https://example.com'])
})

test('a text is never cut through the middle of an emoji', async () => {
  for (const length of [7997, 7998, 7999, 8000]) {
    const { message } = await finding({ message: { text: 'x'.repeat(length) + '😀😀😀' } })
    expect(message).toMatch(/^x+(😀)*…$/u)
  }
})

test('a scan of the changed lines alone says so, and proves nothing gone', async () => {
  const of = (name: string, incrementalMode: unknown) =>
    runOf({ ruleId: 'r1' }, { properties: { incrementalMode } }, { name })
  const diff = await open(reportOf(of('Lantern', 'overlay, diff-informed'), of('Beacon', 'diff-informed')))
  expect(diff.partial).toBe('the scanner looked at the changed lines only')
  expect(diff.tools.map(({ problem }) => problem)).toEqual([diff.partial, diff.partial])
  // One of two: what the other one does not tell of any more is gone.
  const mixed = await open(reportOf(of('Lantern', 'diff-informed'), of('Beacon', 'overlay')))
  expect(mixed.partial).toBeUndefined()
  expect(mixed.tools.map(({ problem }) => problem)).toEqual([diff.partial, null])
  const whole = await open(reportOf(of('Lantern', ['diff-informed'])))
  expect([whole.partial, whole.tools[0]?.problem]).toEqual([undefined, null])
})
