import type { Clock } from './clock.ts'

type Entry = { value: unknown; until: number }

/**
 * Remembers answers for `ttlMs`, at most `limit` of them, the oldest forgotten first. Failures are not remembered, and
 * two who ask at once share one question.
 */
export function createRemember(options: { clock: Clock; ttlMs: number; limit: number }) {
  const known = new Map<string, Entry>()
  return async function remember<Value>(key: string, ask: () => Promise<Value>): Promise<Value> {
    const now = options.clock().getTime()
    const entry = known.get(key)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the key names the question, and with it the type of its answer
    if (entry !== undefined && entry.until > now) return entry.value as Promise<Value>
    const value = ask()
    known.delete(key)
    known.set(key, { value, until: now + options.ttlMs })
    // All live equally long, so the oldest come first. What is over is dropped at once: an answer may be large.
    for (const [oldest, { until }] of known) {
      if (until > now && known.size <= options.limit) break
      known.delete(oldest)
    }
    try {
      return await value
    } catch (error) {
      known.delete(key)
      throw error
    }
  }
}
