/** Lists in lists in quotes: each mark at the front of a line is one level, and levels are rendered one inside the other. */
const deeplyNested = /^[ \t]*(?:(?:[-*+>]|\d{1,9}[.)])[ \t]*){20}/m
const delimiters = /[[\]*_~`]/g
/** Far more than people write; what it costs to pair delimiters grows with the square of their number. */
const delimitersAtMost = 3000

/** Whether text is such that rendering its Markdown could take seconds, which a stranger may have meant. */
export function isIntricate(text: string): boolean {
  return deeplyNested.test(text) || (text.match(delimiters)?.length ?? 0) > delimitersAtMost
}
