import { expect, test } from 'vitest'
import { countOnce } from './count-once.ts'
import { found } from './define-format.ts'
import { makeFinding } from './make-finding.ts'
import { rateFinding } from './rate-finding.ts'
import type { Report, ReportFinding, ReportResult, Scanner } from './scanner.ts'

const lighthouse = { ecosystem: 'npm', name: 'lighthouse', version: '1.0.0' }

function dependency(more: Partial<ReportFinding>): ReportResult {
  const rating = rateFinding({ word: 'high' })
  const base = { kind: 'dependency', scanner: 'Pilot', ruleId: 'CVE-2020-11111', title: 'Fog' } as const
  return found({ ...makeFinding({ ...base, ...rating, package: lighthouse }), ...more })
}

function scanner(results: readonly ReportResult[]): Scanner {
  const report: Report = {
    tools: [{ name: 'Pilot', version: null, problem: null }],
    commit: null,
    unread: [],
    async *results() {
      yield* results
    },
  }
  return { name: 'pilot', title: 'Pilot', recognise: () => true, read: () => Promise.resolve(report) }
}

async function kindsOf(results: readonly ReportResult[]): Promise<string[]> {
  const source = { bytes: 0, open: async function* () {} }
  const report = await countOnce(scanner(results)).read(source, { maxResults: 10, maxResultBytes: 10 })
  const kinds: string[] = []
  for await (const result of report.results()) kinds.push(result.kind === 'skipped' ? result.step : result.kind)
  return kinds
}

test('an advisory of one package counts once, under whichever of its names', async () => {
  const other = dependency({ ruleId: 'GHSA-aaaa-bbbb-cccc', aliases: ['CVE-2020-11111'] })
  expect(await kindsOf([dependency({}), dependency({}), other])).toEqual(['finding', 'repeated', 'repeated'])
})

test('another version, file or advisory is another finding, and so is what is suppressed another time', async () => {
  const others = [
    dependency({ package: { ...lighthouse, version: '2.0.0' } }),
    dependency({ path: 'pier/package-lock.json' }),
    dependency({ ruleId: 'CVE-2020-22222' }),
    dependency({ suppressed: 'not reachable' }),
  ]
  expect(await kindsOf([dependency({}), ...others])).toEqual(Array.from({ length: 5 }, () => 'finding'))
})

test('code may be wrong twice', async () => {
  const code = dependency({ kind: 'code', package: null, path: 'a.js', snippet: 'eval(x)' })
  expect(await kindsOf([code, code])).toEqual(['finding', 'finding'])
})
