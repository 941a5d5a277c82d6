import { describe, expect, it } from 'vitest'
import { hashPassword, verifyPassword } from './password-hash.ts'

describe('password hash', () => {
  it('accepts the password and nothing near it', async () => {
    const hash = await hashPassword('correct horse battery')
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(await verifyPassword({ hash, password: 'correct horse battery' })).toBe(true)
    for (const password of ['', 'correct horse batterz', 'Correct horse battery', 'correct horse battery '])
      expect(await verifyPassword({ hash, password })).toBe(false)
  })

  it('salts: the same password never gives the same hash', async () => {
    expect(await hashPassword('same')).not.toBe(await hashPassword('same'))
  })

  it('reads the same letters however they are composed', async () => {
    const hash = await hashPassword('Gr\u00fc\u00df')
    expect(await verifyPassword({ hash, password: 'Gru\u0308\u00df' })).toBe(true)
  })

  it('still verifies a scrypt hash (known vector of RFC 7914: N 16384, r 8, p 1)', async () => {
    const salt = Buffer.from('SodiumChloride').toString('base64').replaceAll('=', '')
    const hex =
      '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887'
    const hash = `$scrypt$ln=14,r=8,p=1$${salt}$${Buffer.from(hex, 'hex').toString('base64').replaceAll('=', '')}`
    expect(await verifyPassword({ hash, password: 'pleaseletmein' })).toBe(true)
    expect(await verifyPassword({ hash, password: 'pleaseletmeout' })).toBe(false)
  })

  it('says no to something that is no hash, and to an endless password', async () => {
    for (const hash of ['', 'plain', '$argon2i$v=19$m=1,t=1,p=1$AA$AA', '$2b$10$abc'])
      expect(await verifyPassword({ hash, password: 'x' })).toBe(false)
    expect(await verifyPassword({ hash: await hashPassword('x'), password: 'x'.repeat(1025) })).toBe(false)
    await expect(hashPassword('x'.repeat(1025))).rejects.toThrow(RangeError)
  })
})
