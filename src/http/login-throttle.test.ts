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
