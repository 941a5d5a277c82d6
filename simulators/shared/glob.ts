/** `any` stands for any characters, `part` for any but slashes; everything else for itself. */
type Token = { literal: string } | 'any' | 'part'

/** The tokens that may come next, those behind a star that stands for nothing included. */
function close(tokens: readonly Token[], places: Iterable<number>): Set<number> {
  const reached = new Set<number>()
  for (let place of places) {
    while (!reached.has(place)) {
      reached.add(place)
      const token = tokens[place]
      if (token === 'any' || token === 'part') place += 1
    }
  }
  return reached
}

function follow(tokens: readonly Token[], place: number, character: string): number[] {
  const token = tokens[place]
  if (token === undefined) return []
  if (token === 'any') return [place]
  if (token === 'part') return character === '/' ? [] : [place]
  return token.literal === character ? [place + 1] : []
}

/** In time proportional to both lengths, whatever stands in the pattern: a regular expression would backtrack. */
function fits(tokens: readonly Token[], text: string): boolean {
  let reached = close(tokens, [0])
  for (const character of text) {
    reached = close(
      tokens,
      [...reached].flatMap((place) => follow(tokens, place, character)),
    )
    if (reached.size === 0) return false
  }
  return reached.has(tokens.length)
}

/** Whether a text fits a pattern in which `*` stands for any characters, slashes too. */
export function matchesPattern(pattern: string, text: string): boolean {
  return fits(
    [...pattern].map((one) => (one === '*' ? 'any' : { literal: one })),
    text,
  )
}

/** As much as anybody writes; more alternatives are not looked at. */
const mostAlternatives = 256

function expandBraces(pattern: string): string[] {
  let found = ['']
  for (const piece of pattern.split(/(\{[^{}]*\})/)) {
    const choices = /^\{.*\}$/s.test(piece) ? piece.slice(1, -1).split(',') : [piece]
    found = found.flatMap((before) => choices.map((choice) => before + choice)).slice(0, mostAlternatives)
  }
  return found
}

/** `*` matches within a part of a path, `**` across parts, `{a,b}` either. */
export function matchesGlob(pattern: string, path: string): boolean {
  return expandBraces(pattern).some((one) => {
    const pieces = one.match(/\*\*|[^]/gu) ?? []
    const tokens = pieces.map((piece): Token => (piece === '**' ? 'any' : piece === '*' ? 'part' : { literal: piece }))
    return fits(tokens, path)
  })
}
