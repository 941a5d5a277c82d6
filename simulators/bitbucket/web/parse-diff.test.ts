import { expect, test } from 'vitest'
import { parseDiff } from './parse-diff.ts'

const diff = `diff --git a/src/a b.ts b/src/a b.ts
index 1111111..2222222 100644
--- a/src/a b.ts\t
+++ b/src/a b.ts\t
@@ -10,3 +10,4 @@ function one() {
 same
-old
+new
+-- more
 end
\\ No newline at end of file
diff --git a/gone.txt b/gone.txt
deleted file mode 100644
index 1111111..0000000
--- a/gone.txt
+++ /dev/null
@@ -1 +0,0 @@
-bye
diff --git a/old.bin b/new.bin
similarity index 100%
rename from old.bin
rename to new.bin
diff --git a/pic.png b/pic.png
new file mode 100644
index 0000000..1111111
Binary files /dev/null and b/pic.png differ
`

test('every line knows its number in both versions', () => {
  const [first] = parseDiff(diff)
  expect(first?.newPath).toBe('src/a b.ts')
  expect(first?.hunks[0]?.lines.map(({ kind, old, new: now, text }) => [kind, old, now, text])).toEqual([
    ['same', 10, 10, 'same'],
    ['removed', 11, null, 'old'],
    ['added', null, 11, 'new'],
    ['added', null, 12, '-- more'],
    ['same', 12, 13, 'end'],
    ['note', null, null, 'No newline at end of file'],
  ])
})

test('removed, renamed and binary files keep their paths', () => {
  const [, gone, renamed, picture] = parseDiff(diff)
  expect(gone).toMatchObject({ oldPath: 'gone.txt', newPath: null })
  expect(renamed).toMatchObject({ oldPath: 'old.bin', newPath: 'new.bin', hunks: [] })
  expect(picture).toMatchObject({ oldPath: null, newPath: 'pic.png', binary: true })
})

test('an empty diff has no files', () => {
  expect(parseDiff('')).toEqual([])
})
