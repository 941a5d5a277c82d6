/** Which words of an account a pattern is held against; `any`: all of them. */
export const botFields = ['any', 'name', 'nickname', 'email'] as const
export type BotField = (typeof botFields)[number]

/** More stars than this say nothing more, and cost. */
const starsAtMost = 5
const lettersAtLeast = 2

/** What is wrong with a pattern, in a sentence; undefined for one that can be used. */
export function findPatternFault(pattern: string): string | undefined {
  const words = pattern.replaceAll(/[*\s]/g, '')
  if (words.length < lettersAtLeast)
    return 'A pattern needs at least two letters besides its stars, or it takes everybody.'
  if (pattern.replaceAll(/\*+/g, '*').split('*').length - 1 > starsAtMost) return 'A pattern has five stars at most.'
  return undefined
}

/**
 * A pattern for SQL's `like` over text in lower case: `*` is anything, every other character itself. Neither can be made to
 * run long, as a regular expression can.
 */
export function toLikePattern(pattern: string): string {
  return pattern
    .trim()
    .toLowerCase()
    .replaceAll(/[\\%_]/g, (special) => `\\${special}`)
    .replaceAll(/\*+/g, '%')
}
