/** The names that look most like `wanted`, nearest first, at most `limit`; names that have little in common are left out. */
export function nearestNames(wanted: string, names: readonly string[], limit: number): string[] {
  const scored = names.map((name) => ({ name, score: similarity(wanted.toLowerCase(), name.toLowerCase()) }))
  return scored
    .filter(({ score }) => score > 0.3)
    .toSorted((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1))
    .slice(0, limit)
    .map(({ name }) => name)
}

/** Share of pairs of neighbouring letters that both have (Dice's coefficient); 1 when one holds the other. */
function similarity(a: string, b: string): number {
  if (a.length > 2 && b.length > 2 && (a.includes(b) || b.includes(a))) return 1
  const pairsOfA = pairs(a)
  const pairsOfB = pairs(b)
  if (pairsOfA.size + pairsOfB.size === 0) return a === b ? 1 : 0
  const shared = [...pairsOfA].filter((pair) => pairsOfB.has(pair)).length
  return (2 * shared) / (pairsOfA.size + pairsOfB.size)
}

function pairs(text: string): Set<string> {
  return new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2)))
}
