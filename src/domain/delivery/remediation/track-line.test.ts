import { describe, expect, test } from 'vitest'
import { type Hunk, readHunk, type TrackedLine, trackLine } from './track-line.ts'

const kept = (line: number): TrackedLine => ({ kind: 'kept', line })
const hunks = (...heads: string[]): Hunk[] => heads.flatMap((head) => readHunk(head) ?? [])

describe('a line of a file, after a change', () => {
  // Worked out by hand from what git prints with no lines of context.
  const table: [string, number, Hunk[], TrackedLine][] = [
    ['nothing changed', 15, [], kept(15)],
    ['three lines were added before it', 15, hunks('@@ -4,0 +5,3 @@'), kept(18)],
    ['a line was added right above it', 15, hunks('@@ -14,0 +15 @@'), kept(16)],
    ['a line was added right below it', 15, hunks('@@ -15,0 +16 @@'), kept(15)],
    ['a line was added at the top', 1, hunks('@@ -0,0 +1 @@'), kept(2)],
    ['two lines went before it', 15, hunks('@@ -3,2 +2,0 @@'), kept(13)],
    ['a line below it went', 15, hunks('@@ -16 +15,0 @@'), kept(15)],
    ['it went', 15, hunks('@@ -15 +14,0 @@'), { kind: 'removed' }],
    ['it went with its neighbours', 15, hunks('@@ -13,4 +12,0 @@ function f() {'), { kind: 'removed' }],
    ['it was the last of what went', 15, hunks('@@ -12,4 +11,0 @@'), { kind: 'removed' }],
    ['it is the first after what went', 16, hunks('@@ -12,4 +11,0 @@'), kept(12)],
    ['it was written anew', 15, hunks('@@ -15 +15 @@'), { kind: 'changed' }],
    ['it became two lines', 15, hunks('@@ -15 +15,2 @@'), { kind: 'changed' }],
    [
      'others before it changed, and then it',
      15,
      hunks('@@ -2 +1,0 @@', '@@ -9,0 +9,4 @@', '@@ -15 +18 @@'),
      { kind: 'changed' },
    ],
    ['others around it changed', 15, hunks('@@ -2 +1,0 @@', '@@ -9,0 +9,4 @@', '@@ -17,3 +20 @@'), kept(18)],
  ]
  test.each(table)('%s', (_name, line, change, expected) => {
    expect(trackLine(line, change)).toEqual(expected)
  })

  test('is not found in what only looks like the head of a hunk', () => {
    expect(hunks('+@@ -1 +1 @@', ' @@ -1 +1 @@', '@@ -1 @@', '@@ -99999999999 +1 @@', 'diff --git a/x b/x')).toEqual([])
  })
})
