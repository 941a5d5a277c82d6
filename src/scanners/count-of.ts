/** "1 file", "3 files": a number with its noun, for sentences about what a report holds. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
