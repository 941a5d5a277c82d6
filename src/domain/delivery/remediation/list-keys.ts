/** Of one text. What names more is no text about a fix, and costs no more than this. */
const keysAtMost = 200
const longestText = 200_000

// A key is a word: no letter or digit before it, none behind it, and no `.5` of a version. Bounded, so that no text makes
// it slow. Underscores are letters of some projects' keys, and part others from what stands before them (`fix_SHOP-12`).
const keyWord = /(?<![\p{L}\p{N}_])([A-Za-z0-9_]{1,60})-([1-9][0-9]{0,8})(?![\p{L}\p{N}]|\.[0-9])/gu
const projectKey = /^[A-Z][A-Z0-9_]{0,49}$/

/** Keys such as `SHOP-12` that stand in a text as words, in capitals, each once: none of `ABC-1` in `ABC-12`. */
export function listKeys(text: string): string[] {
  const found = new Set<string>()
  for (const [, project = '', number = ''] of text.slice(0, longestText).matchAll(keyWord)) {
    for (const name of readingsOf(project.toUpperCase())) if (projectKey.test(name)) found.add(`${name}-${number}`)
    if (found.size >= keysAtMost) break
  }
  return [...found].slice(0, keysAtMost)
}

/** `FIX_SHOP` may be a project, and so may `SHOP`. */
function readingsOf(project: string): string[] {
  const parts = project.split('_')
  return parts.map((_, index) => parts.slice(index).join('_'))
}
