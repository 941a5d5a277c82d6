import { expect, test } from 'vitest'
import { diffShowsLine } from './diff-lines.ts'

const diff = [
  'diff --git a/src/a.py b/src/a.py',
  '--- a/src/a.py',
  '+++ b/src/a.py',
  '@@ -10,4 +10,5 @@ def head():',
  ' ten',
  '-old eleven',
  '+eleven',
  '+++ b/src/trap.py',
  ' thirteen',
  ' fourteen',
  'diff --git a/src/b.py b/src/b.py',
  '--- a/src/b.py',
  '+++ b/src/b.py',
  '@@ -1 +1 @@',
  '-was',
  '+is',
  'diff --git "a/caf\\303\\251.py" "b/caf\\303\\251.py"',
  '--- "a/caf\\303\\251.py"',
  '+++ "b/caf\\303\\251.py"',
  '@@ -0,0 +1,2 @@',
  '+one',
  '+two',
].join('\n')

test.each([
  ['src/a.py', 9, false],
  ['src/a.py', 10, true],
  ['src/a.py', 14, true],
  ['src/a.py', 15, false],
  ['src/b.py', 1, true],
  ['src/b.py', 2, false],
  ['café.py', 2, true],
  ['café.py', 3, false],
  // An added line that looks like a header is text.
  ['src/trap.py', 12, false],
  ['src/none.py', 1, false],
])('%s:%i is shown: %s', (path, line, expected) => {
  expect(diffShowsLine(diff, path, line)).toBe(expected)
})

test('an empty diff shows nothing', () => {
  expect(diffShowsLine('', 'a', 1)).toBe(false)
})
