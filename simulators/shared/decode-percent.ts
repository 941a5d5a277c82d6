/** What a percent-encoded text says; undefined when it says nothing that can be decoded. */
export function decodePercent(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
