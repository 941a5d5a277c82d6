/** Milliseconds since 1970 with the microseconds as fraction; NaN when the text is no date. */
export function instant(text: string): number {
  const fraction = /\.\d{3}(\d{1,3})/.exec(text)?.[1]
  return Date.parse(text) + (fraction === undefined ? 0 : Number(`0.${fraction}`))
}
