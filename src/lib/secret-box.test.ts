import { randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSecretBox, secretKeyId } from './secret-box.ts'

const oldKey = randomBytes(32)
const newKey = randomBytes(32)
const context = 'connection.sealed_credential:0193-row'

describe('secret box', () => {
  it('opens what it sealed, whatever the text', () => {
    const box = createSecretBox([newKey])
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (text, where) => {
        expect(box.open(box.seal(text, where), where)).toBe(text)
      }),
    )
  })

  it('never seals the same text twice alike and does not show it', () => {
    const box = createSecretBox([newKey])
    expect(box.seal('canary', context)).not.toBe(box.seal('canary', context))
    expect(box.seal('canary', context)).not.toContain('canary')
  })

  it('refuses a value moved to another row', () => {
    const box = createSecretBox([newKey])
    expect(() => box.open(box.seal('canary', context), 'connection.sealed_credential:0193-other')).toThrow(
      /authenticate/,
    )
  })

  it('refuses every change of one bit', () => {
    const box = createSecretBox([newKey])
    const sealed = box.seal('canary', context)
    const [version, id, nonce, body] = sealed.split('.')
    const bytes = Buffer.from(body ?? '', 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      expect(() => box.open([version, id, nonce, changed.toString('base64url')].join('.'), context)).toThrow(
        /authenticate/,
      )
    }
  })

  it('rotates: the old key still opens, resealing moves to the new one, after which the old one may go', () => {
    const before = createSecretBox([oldKey]).seal('canary', context)
    const both = createSecretBox([newKey, oldKey])
    expect(both.isStale(before)).toBe(true)
    const after = both.reseal(before, context)
    expect(after.split('.')[1]).toBe(secretKeyId(newKey))
    expect(both.reseal(after, context)).toBe(after)
    expect(createSecretBox([newKey]).open(after, context)).toBe('canary')
    expect(() => createSecretBox([newKey]).open(before, context)).toThrow(/No secret key/)
  })

  it('refuses to be made without a key, or with a short one', () => {
    expect(() => createSecretBox([])).toThrow(/at least one/)
    expect(() => createSecretBox([randomBytes(16)])).toThrow(/32 bytes/)
  })

  it('says so when given something else', () => {
    const box = createSecretBox([newKey])
    for (const text of ['', 'plain', 'v1.a.b', 'v2.a.b.c', 'v1.a.b.c.d', `v1.${secretKeyId(newKey)}.AAAA.AAAA`])
      expect(() => box.open(text, context)).toThrow(/sealed secret/)
  })
})
