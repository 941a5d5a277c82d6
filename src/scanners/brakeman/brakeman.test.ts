import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import { brakeman } from './index.ts'

const warning = (more: object = {}) => ({
  warning_type: 'SQL Injection',
  warning_code: 0,
  fingerprint: 'a'.repeat(64),
  check_name: 'SQL',
  message: 'Possible SQL injection',
  file: 'app/models/ship.rb',
  line: 12,
  link: 'https://brakemanscanner.org/docs/warning_types/sql_injection/',
  code: 'Ship.where("berth = \'#{params[:berth]}\'")',
  render_path: null,
  location: { type: 'method', class: 'Ship', method: 'at_berth' },
  user_input: 'params[:berth]',
  confidence: 'High',
  cwe_id: [89],
  ...more,
})
const report = (more: object = {}) => ({
  scan_info: { app_path: '/srv/ports/harbour', brakeman_version: '7.0.0', security_warnings: 1 },
  warnings: [warning()],
  ignored_warnings: [],
  errors: [],
  obsolete: [],
  ...more,
})
const read = (value: object) => readText(brakeman, JSON.stringify(value))

test('keeps what every format must keep', async () => {
  const both = report({ ignored_warnings: [warning({ note: 'checked by hand' })] })
  expect(
    await findBreaches(brakeman, [
      { name: 'both', text: JSON.stringify(both, null, 2), results: 2 },
      { name: 'none', text: JSON.stringify(report({ warnings: [] })), results: 0 },
    ]),
  ).toEqual([])
}, 20_000)

test('a warning is known by its code and fingerprint, in the application', async () => {
  const { findings } = await read(
    report({
      warnings: [
        warning(),
        warning({
          file: '/srv/ports/harbour/app/views/quay.html.erb',
          warning_code: 2,
          confidence: 'Weak',
          cwe_id: undefined,
          render_path: [
            { type: 'controller', class: 'QuaysController', method: 'show', line: 4, file: '/srv/ports/harbour/q.rb' },
          ],
        }),
      ],
    }),
  )
  expect(findings).toMatchObject([
    {
      ruleId: 'BRAKE0000',
      fingerprint: 'a'.repeat(64),
      severity: 'high',
      cwes: [89],
      snippet: 'Ship.where("berth = \'#{params[:berth]}\'")',
      description: 'SQL Injection\n\nIn Ship at_berth.\n\nInput: `params[:berth]`',
    },
    {
      ruleId: 'BRAKE0002',
      severity: 'low',
      path: 'app/views/quay.html.erb',
      flow: [{ path: 'q.rb', line: 4, message: 'QuaysController#show' }],
    },
  ])
})

test('ignored warnings are suppressed, with the note if there is one', async () => {
  const { findings } = await read(
    report({ warnings: [], ignored_warnings: [warning({ note: 'checked by hand' }), warning({ note: '' })] }),
  )
  expect(findings.map(({ suppressed }) => suppressed)).toEqual(['checked by hand', 'In the ignore file of Brakeman'])
})

test('files that cannot be parsed are said, and then nothing is proved gone', async () => {
  const { tools, unread } = await read(
    report({ errors: [{ error: 'parse error on "end"', location: 'app/a.rb' }], obsolete: ['b'] }),
  )
  expect(tools).toEqual([{ name: 'Brakeman', version: '7.0.0', problem: 'Brakeman could not read some of the files' }])
  expect(unread).toEqual([
    'Brakeman met 1 error, mostly files it could not parse.',
    "Brakeman's ignore file names 1 warning that came up no more.",
  ])
})

describe.runIf(mustReadRealReports)('real reports', () => {
  test('brakeman/many.json', async () => {
    const { format, count, findings } = await readRealReport('brakeman/many.json')
    expect(format).toBe('brakeman')
    expect(count).toEqual({ results: 18, taken: 18, suppressed: 0, skipped: {} })
    expect(findings.every(({ path, fingerprint }) => path !== null && fingerprint !== null)).toBe(true)
    expect(findings.filter(({ aliases }) => aliases.length > 0)).toHaveLength(14)
  })
})
