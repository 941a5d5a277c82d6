import { describe, expect, it } from 'vitest'
import { judgePassword } from './password-rules.ts'

describe('judgePassword', () => {
  it.each([
    'short',
    'password1234',
    'Password1234!',
    'passwordpassword',
    'qwertyuiopas',
    '123456789012',
    '012345678901',
    'aaaaaaaaaaaa',
    'abababababab',
    'administrator1',
    'correcthorsebatterystaple',
    '1q2w3e4r5t6y',
    'Winter2026!!',
    'P@ssw0rd2026',
    'letmeinletmein',
    'zyxwvutsrqponml',
  ])('refuses %s', (password) => {
    expect(judgePassword(password, 'ada@example.com')).toBeTypeOf('string')
  })

  it('refuses the address itself and its account part', () => {
    expect(judgePassword('grace.hopper@example.com', 'Grace.Hopper@example.com')).toContain('e-mail')
    expect(judgePassword('grace.hopper2026', 'grace.hopper@example.com')).toContain('e-mail')
  })

  it.each(['tide gauge and copper kettle', 'vXq7-mLp2-Rt9z', 'nineteen otters 1871', 'ÄpfelundBirnen-im-Mai'])(
    'accepts %s',
    (password) => {
      expect(judgePassword(password, 'ada@example.com')).toBeUndefined()
    },
  )
})
