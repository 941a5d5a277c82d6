import { expect, test } from 'vitest'
import { findInDiff } from './diff-lines.ts'

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
  '@@ -40,3 +41,2 @@ def tail():',
  ' forty',
  '--- a/src/trap.py',
  ' forty-two',
  'diff --git a/src/b.py b/src/b.py',
  '--- a/src/b.py',
  '+++ b/src/b.py',
  '@@ -1 +1 @@',
  '-was',
  '\\ No newline at end of file',
  '+is',
  'diff --git a/src/before.py b/src/after.py',
  'similarity index 90%',
  'rename from src/before.py',
  'rename to src/after.py',
  '--- a/src/before.py',
  '+++ b/src/after.py',
  '@@ -3,3 +3,4 @@',
  ' three',
  '+new',
  ' four',
  '-five',
  '+fifth',
  'diff --git a/src/gone.py b/src/gone.py',
  'deleted file mode 100644',
  '--- a/src/gone.py',
  '+++ /dev/null',
  '@@ -1 +0,0 @@',
  '-last words',
  'diff --git "a/caf\\303\\251.py" "b/caf\\303\\251.py"',
  'new file mode 100644',
  '--- /dev/null',
  '+++ "b/caf\\303\\251.py"',
  '@@ -0,0 +1,2 @@',
  '+one',
  '+two',
].join('\n')

test.each([
  ['src/a.py', 10, { line: 10, text: 'ten' }],
  ['src/a.py', 11, { line: 11, text: 'eleven' }],
  // An added line that looks like a header is text.
  ['src/a.py', 12, { line: 12, text: '++ b/src/trap.py' }],
  ['src/a.py', 14, { line: 14, text: 'fourteen' }],
  ['src/a.py', 41, { line: 41, text: 'forty' }],
  ['src/a.py', 42, { line: 42, text: 'forty-two' }],
  ['src/b.py', 1, { line: 1, text: 'is' }],
  ['src/after.py', 4, { line: 4, text: 'new' }],
  ['café.py', 2, { line: 2, text: 'two' }],
])('the new side of %s shows line %i', (path, line, shown) => {
  expect(findInDiff(diff, { path, line, side: 'new' })).toEqual({ path, side: 'new', ...shown })
})

test.each([
  ['src/a.py', 9],
  ['src/a.py', 15],
  ['src/a.py', 43],
  ['src/b.py', 2],
  ['src/before.py', 3],
  ['src/gone.py', 1],
  ['café.py', 3],
  ['src/trap.py', 12],
  ['src/none.py', 1],
])('the new side of %s does not show line %i', (path, line) => {
  expect(findInDiff(diff, { path, line, side: 'new' })).toBeUndefined()
})

test.each([
  // What stayed is named by where it is now.
  ['src/a.py', 12, { path: 'src/a.py', line: 13, side: 'new', text: 'thirteen' }],
  ['src/a.py', 40, { path: 'src/a.py', line: 41, side: 'new', text: 'forty' }],
  ['src/a.py', 42, { path: 'src/a.py', line: 42, side: 'new', text: 'forty-two' }],
  ['src/before.py', 4, { path: 'src/after.py', line: 5, side: 'new', text: 'four' }],
  // What was removed, by where it was.
  ['src/a.py', 11, { path: 'src/a.py', line: 11, side: 'old', text: 'old eleven' }],
  ['src/a.py', 41, { path: 'src/a.py', line: 41, side: 'old', text: '-- a/src/trap.py' }],
  ['src/b.py', 1, { path: 'src/b.py', line: 1, side: 'old', text: 'was' }],
  ['src/before.py', 5, { path: 'src/after.py', line: 5, side: 'old', text: 'five' }],
  ['src/gone.py', 1, { path: 'src/gone.py', line: 1, side: 'old', text: 'last words' }],
])('the old side of %s has line %i at %o', (path, line, expected) => {
  expect(findInDiff(diff, { path, line, side: 'old' })).toEqual(expected)
})

test.each([
  ['src/a.py', 14],
  ['src/after.py', 3],
  ['café.py', 1],
])('the old side of %s does not show line %i', (path, line) => {
  expect(findInDiff(diff, { path, line, side: 'old' })).toBeUndefined()
})

test('an empty diff shows nothing', () => {
  expect(findInDiff('', { path: 'a', line: 1, side: 'new' })).toBeUndefined()
})
