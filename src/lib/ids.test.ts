import { describe, expect, it } from 'vitest'
import { createNewId, newId, newSecret } from './ids.ts'

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const moment = new Date('2026-11-21T10:00:00.000Z')

describe('ids', () => {
  it('are UUIDs of version 7 that carry their millisecond', () => {
    const id = newId({ clock: () => moment })
    expect(id).toMatch(pattern)
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(moment.getTime())
  })

  it('use the randomness they are given', () => {
    const source = { clock: () => moment, randomBytes: (n: number) => new Uint8Array(n).fill(0xff) }
    expect(newId(source)).toBe(newId(source))
    expect(newId(source).endsWith('-bfff-ffffffffffff')).toBe(true)
  })

  it('of one source rise strictly inside one millisecond and when the clock is set back', () => {
    const times = [0, 0, -5000, 1]
    let call = 0
    const next = createNewId({ clock: () => new Date(moment.getTime() + (times[call++ % times.length] ?? 0)) })
    const made = Array.from({ length: 10_000 }, next)
    expect(made.toSorted()).toEqual(made)
    expect(new Set(made).size).toBe(made.length)
    expect(made.every((id) => pattern.test(id))).toBe(true)
  })

  it('secrets are base64url of the asked length and differ', () => {
    expect(newSecret(32)).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(newSecret(32)).not.toBe(newSecret(32))
  })
})
