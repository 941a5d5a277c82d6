import { expect, it } from 'vitest'
import { createLoginThrottle } from './login-throttle.ts'

it('lets five failures pass, then makes each further one wait longer, up to a quarter of an hour', () => {
  let nowMs = 0
  const throttle = createLoginThrottle(() => new Date(nowMs))
  for (let n = 0; n < 5; n++) {
    throttle.check('ada@example.com')
    throttle.recordFailure('Ada@example.com')
  }
  expect(() => throttle.check('ada@example.com')).toThrow(/Try again in 5 s/)
  expect(() => throttle.check('grace@example.com')).not.toThrow()
  nowMs += 5000
  throttle.check('ADA@example.com')
  throttle.recordFailure('ada@example.com')
  expect(() => throttle.check('ada@example.com')).toThrow(/in 10 s/)
  for (let n = 0; n < 20; n++) throttle.recordFailure('ada@example.com')
  expect(() => throttle.check('ada@example.com')).toThrow(/in 900 s/)
  throttle.recordSuccess('ada@example.com')
  expect(() => throttle.check('ada@example.com')).not.toThrow()
})

it('forgets failures that are an hour old', () => {
  let nowMs = 0
  const throttle = createLoginThrottle(() => new Date(nowMs))
  for (let n = 0; n < 5; n++) throttle.recordFailure('ada')
  nowMs += 61 * 60_000
  throttle.recordFailure('ada')
  expect(() => throttle.check('ada')).not.toThrow()
})

it('lets no crowd through that comes before the first try is judged', async () => {
  const throttle = createLoginThrottle(() => new Date(0))
  const wrong = new Error('wrong password')
  let judged = 0
  const guess = async () =>
    throttle.attempt({ account: 'ada@example.com', isWrong: (error) => error === wrong }, async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      judged += 1
      throw wrong
    })
  const tries = await Promise.allSettled(Array.from({ length: 50 }, guess))
  expect(judged).toBe(5)
  expect(tries.filter((one) => one.status === 'rejected' && one.reason === wrong)).toHaveLength(5)
  await expect(guess()).rejects.toThrow('Too many failed logins')
})

it('counts no failure for trouble that is not a wrong password, and frees the place', async () => {
  const throttle = createLoginThrottle(() => new Date(0))
  for (let n = 0; n < 20; n++) {
    const broken = throttle.attempt({ account: 'ada', isWrong: () => false }, async () => {
      throw new Error('the database is away')
    })
    await expect(broken).rejects.toThrow('away')
  }
  expect(await throttle.attempt({ account: 'ada', isWrong: () => true }, async () => 'in')).toBe('in')
})
