const place = /\/vulnerabilities\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-f-])/i

/** The vulnerability a pasted address of this Weir leads to, by its id; nothing for any other text. */
export function vulnerabilityIn(text: string): string | undefined {
  return place.exec(text.trim())?.[1]?.toLowerCase()
}
