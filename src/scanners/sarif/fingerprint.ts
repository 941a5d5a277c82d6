import { type JsonObject, readObject, readText } from '../json-fields.ts'
import type { FingerprintStatistics } from './run.ts'

/** Texts that stand where a fingerprint would be for a paying customer, or for nobody. */
const placeholders = /^(requires login|n\/?a|none|null|undefined|unknown|todo|0+|-+)$/i
/** A column is a place: an indented line is the same line. */
const places = /column/i
const maxFingerprints = 20
/** Names that are counted in one run; scanners have a handful. */
const maxNames = 10_000

/** Remembers what fingerprints of a run look like: one value for all results is a placeholder, whatever it says. */
export function countFingerprints(value: unknown, statistics: FingerprintStatistics): void {
  for (const [name, text] of listFingerprints(readObject(value))) {
    const known = statistics.get(name)
    if (known === undefined) {
      if (statistics.size < maxNames) statistics.set(name, { first: text, isVaried: false, count: 1 })
    } else {
      known.count += 1
      if (known.first !== text) known.isVaried = true
    }
  }
}

/** All usable fingerprints (§3.27.16) and partial ones (§3.27.17) of a result as one text; null when there is none. */
export function readFingerprint(result: JsonObject, statistics: FingerprintStatistics): string | null {
  const usable = listFingerprints(result).filter(([name, text]) => {
    if (placeholders.test(text.trim())) return false
    const known = statistics.get(name)
    return known === undefined || known.isVaried || known.count === 1
  })
  return usable.length === 0 ? null : usable.map(([name, text]) => `${name}=${text}`).join('\n')
}

function listFingerprints(result: JsonObject): (readonly [string, string])[] {
  const full = Object.entries(readObject(result['fingerprints']))
  const partial = Object.entries(readObject(result['partialFingerprints']))
  const all = [
    ...full.map(([name, value]) => [`f:${name}`, value] as const),
    ...partial.map(([name, value]) => [`p:${name}`, value] as const),
  ]
  return all
    .filter(([name]) => !places.test(name))
    .flatMap(([name, value]) => (readText(value) === undefined ? [] : [[name, String(value).slice(0, 1000)] as const]))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, maxFingerprints)
}
