import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import { bandit } from './index.ts'

const result = (more: object = {}) => ({
  code: '11 import quay\n12 quay.run(berth, shell=True)\n13 \n',
  col_offset: 4,
  filename: './harbour/quay.py',
  issue_confidence: 'HIGH',
  issue_cwe: { id: 78, link: 'https://cwe.mitre.org/data/definitions/78.html' },
  issue_severity: 'HIGH',
  issue_text: 'A shell is started with text from outside. Mind it.',
  line_number: 12,
  line_range: [12, 13],
  more_info: 'https://bandit.readthedocs.io/en/1.8.3/plugins/b602_x.html',
  test_id: 'B602',
  test_name: 'subprocess_popen_with_shell_equals_true',
  ...more,
})
const report = {
  errors: [],
  metrics: { _totals: { 'CONFIDENCE.HIGH': 2 } },
  results: [result(), result({ line_number: 40 })],
}

test('keeps what every format must keep', async () => {
  const empty = { ...report, results: [] }
  expect(
    await findBreaches(bandit, [
      { name: 'two', text: JSON.stringify(report), results: 2 },
      { name: 'none', text: JSON.stringify(empty), results: 0 },
    ]),
  ).toEqual([])
}, 20_000)

describe.runIf(mustReadRealReports)('real reports', () => {
  test.each([
    ['bandit/acgs-1-2025-06-11.json', 812],
    ['bandit/acgs-2-2025-06-11.json', 784],
    ['bandit/defectdojo-1.json', 47],
    ['bandit/defectdojo-2.json', 165],
  ])('%s', async (file, results) => {
    const { format, count, findings } = await readRealReport(file)
    expect(format).toBe('bandit')
    expect(count).toEqual({ results, taken: results, suppressed: 0, skipped: {} })
    expect(
      findings.every(({ path, startLine, snippet }) => path !== null && startLine !== null && snippet !== null),
    ).toBe(true)
  })
})
