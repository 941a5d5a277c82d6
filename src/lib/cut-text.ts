/** The first `length` UTF-16 units of a text; one fewer where the cut would fall into the middle of a character. */
export function firstUnits(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')
}

/** The text, or as much of its beginning as fits into `length` UTF-16 units together with the ellipsis that says so. */
export function cutText(text: string, length: number): string {
  return text.length <= length ? text : `${firstUnits(text, length - 1).trimEnd()}…`
}
