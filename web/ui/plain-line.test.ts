import { expect, test } from 'vitest'
import { toPlainLine } from './plain-line.ts'

test.each([
  ['Tomas Okoye: It takes `name`, and ``badge`` soon.', 'Tomas Okoye: It takes name, and badge soon.'],
  ['**Please** escape *both*', 'Please escape both'],
  ['See [the rule](https://rules.example/1) first', 'See the rule first'],
  ['Tomas Okoye: > quoted', 'Tomas Okoye: quoted'],
  ['## Why', 'Why'],
  ['snake_case_name and 2 * 3 * 4 stay', 'snake_case_name and 2 * 3 * 4 stay'],
  ['one ` alone stays', 'one ` alone stays'],
  ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
])('%s reads %s', (line, words) => {
  expect(toPlainLine(line)).toBe(words)
})
