import { expect, test } from 'vitest'
import { csvCell, csvLine } from './csv-cell.ts'

test.each([
  ['plain', 'plain'],
  ['', ''],
  ['Ärger 🧂', 'Ärger 🧂'],
  ['a,b', '"a,b"'],
  ['a;b', '"a;b"'],
  ['say "hello"', '"say ""hello"""'],
  ['two\nlines', '"two\nlines"'],
  ['two\r\nlines', '"two\r\nlines"'],
  [' spaced ', '" spaced "'],
  ['=1+1', `"'=1+1"`],
  [`=HYPERLINK("http://evil.example","x")`, `"'=HYPERLINK(""http://evil.example"",""x"")"`],
  ['+1', `"'+1"`],
  ['-1', `"'-1"`],
  ['@SUM(A1)', `"'@SUM(A1)"`],
  ['\t=1', `"'\t=1"`],
  ['\r=1', `"'\r=1"`],
  ['\n=1', `"'\n=1"`],
  ['＝1', `"'＝1"`],
  ["'quoted", `"'quoted"`],
  ['a=1', 'a=1'],
  [null, ''],
  [7, '7'],
  [-7.5, '-7.5'],
  [true, 'true'],
])('the cell of %j is %j', (value, cell) => {
  expect(csvCell(value)).toBe(cell)
})

test('a line ends as RFC 4180 asks', () => {
  expect(csvLine(['a', null, 3])).toBe('a,,3\r\n')
})
