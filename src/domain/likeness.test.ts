import { describe, expect, test } from 'vitest'
import { byLikeness, type Comparable, compareLikeness, unlike } from './likeness.ts'

const door: Comparable = {
  kind: 'code',
  source: 'scan',
  scanner: 'Lantern',
  ruleId: 'open-door',
  title: 'A door is open',
  path: 'src/door.ts',
  line: 20,
  cwes: [284],
  aliases: [],
  packages: [],
}
/** Has nothing in common with the door. */
const other = { ruleId: 'r', title: 'Another', path: 'src/other.ts', line: 700, cwes: [79] } as const
const lock: Comparable = {
  ...door,
  kind: 'dependency',
  ruleId: 'CVE-2026-0001',
  title: 'The lantern burns',
  path: 'package-lock.json',
  line: null,
  cwes: [400],
  aliases: ['GHSA-aaaa-bbbb-cccc'],
  packages: ['lantern@1'],
}
const otherLock = { ruleId: 'CVE-2026-0002', title: 'Else', path: 'web/package-lock.json', cwes: [], aliases: [] }

describe('how alike two vulnerabilities are', () => {
  test.each<[string, Comparable, Comparable, ReturnType<typeof compareLikeness>]>([
    [
      'another scanner, near in the same file',
      door,
      { ...door, ...other, scanner: 'Beacon', path: door.path, line: 25 },
      { rank: 0, reasons: ['other_scanner', 'same_file', 'near_line'], linesApart: 5 },
    ],
    [
      'another scanner, far off in the same file, of the same CWE',
      door,
      { ...door, ...other, scanner: 'Beacon', path: door.path, line: 90, cwes: [79, 284] },
      { rank: 0, reasons: ['other_scanner', 'same_file', 'same_cwe'], linesApart: 70 },
    ],
    [
      'another scanner, a line too far, of another CWE',
      door,
      { ...door, ...other, scanner: 'Beacon', path: door.path, line: 26 },
      { rank: 5, reasons: ['same_file'], linesApart: 6 },
    ],
    [
      'one package and advisory under another name, told by another scanner',
      lock,
      {
        ...lock,
        ...otherLock,
        scanner: 'Beacon',
        ruleId: 'ghsa-AAAA-bbbb-cccc',
      },
      { rank: 1, reasons: ['other_scanner', 'same_advisory', 'same_package'], linesApart: null },
    ],
    [
      'another advisory of one package, in one lock file, told by another scanner',
      lock,
      { ...lock, ...otherLock, scanner: 'Beacon', path: lock.path, cwes: [400] },
      { rank: 5, reasons: ['same_package', 'same_file', 'same_cwe'], linesApart: null },
    ],
    [
      'rule and file',
      door,
      { ...door, ...other, ruleId: door.ruleId, path: door.path },
      { rank: 2, reasons: ['same_rule', 'same_file'], linesApart: 680 },
    ],
    ['rule', door, { ...door, ...other, ruleId: door.ruleId }, { rank: 3, reasons: ['same_rule'], linesApart: null }],
    [
      'advisory of another package',
      lock,
      { ...lock, ...otherLock, ruleId: lock.ruleId, packages: ['lantern-core@1'] },
      { rank: 3, reasons: ['same_advisory'], linesApart: null },
    ],
    [
      'title',
      door,
      { ...door, ...other, title: 'A DOOR is open' },
      { rank: 4, reasons: ['same_title'], linesApart: null },
    ],
    ['file', door, { ...door, ...other, path: door.path }, { rank: 5, reasons: ['same_file'], linesApart: 680 }],
    ['CWE', door, { ...door, ...other, cwes: [1, 284] }, { rank: 6, reasons: ['same_cwe'], linesApart: null }],
    ['package alone', lock, { ...lock, ...otherLock }, { rank: unlike, reasons: [], linesApart: null }],
    ['nothing', door, { ...door, ...other, scanner: 'Beacon' }, { rank: unlike, reasons: [], linesApart: null }],
    [
      'two without a file',
      { ...door, path: null },
      { ...door, ...other, path: null },
      { rank: unlike, reasons: [], linesApart: null },
    ],
    [
      'two that people wrote down, which have one rule for all',
      { ...door, source: 'person' },
      { ...door, ...other, source: 'person', ruleId: door.ruleId },
      { rank: unlike, reasons: [], linesApart: null },
    ],
  ])('%s', (_name, one, second, expected) => {
    expect(compareLikeness(one, second)).toEqual(expected)
    expect(compareLikeness(second, one)).toEqual(expected)
  })
})

test('of one rank the nearer line is more alike, then what has more in common', () => {
  const like = (line: number | null, more: Partial<Comparable> = {}) =>
    compareLikeness(door, { ...door, ...other, path: door.path, line, ...more })
  const far = like(90)
  const near = like(30)
  const placeless = like(null)
  const more = like(90, { cwes: [284] })
  expect([placeless, far, more, near].toSorted(byLikeness)).toEqual([near, more, far, placeless])
  expect(byLikeness(far, { ...far, rank: 6 })).toBeLessThan(0)
})
