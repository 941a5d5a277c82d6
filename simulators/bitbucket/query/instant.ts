/**
 * Milliseconds since 1970 with the microseconds as fraction; NaN when the text is no date. A time without a zone is UTC,
 * whatever the clock of this machine is set to.
 */
export function instant(text: string): number {
  const fraction = /\.\d{3}(\d{1,3})/.exec(text)?.[1]
  const isZoneless = /T[\d:.]+$/.test(text)
  return Date.parse(isZoneless ? `${text}Z` : text) + (fraction === undefined ? 0 : Number(`0.${fraction}`))
}
