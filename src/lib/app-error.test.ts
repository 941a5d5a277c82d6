import { describe, expect, it } from 'vitest'
import { AppError, errorCatalogue, isAppError } from './app-error.ts'

describe('AppError', () => {
  it('takes status, title and retryable from the catalogue', () => {
    const error = new AppError('remote_rate_limited', 'Bitbucket asks to wait 30 s.', { meta: { retry_after_s: 30 } })
    expect(error).toMatchObject({ status: 503, retryable: true, detail: 'Bitbucket asks to wait 30 s.' })
    expect(error.meta).toEqual({ retry_after_s: 30 })
  })

  it('keeps the cause for the log', () => {
    const cause = new Error('socket closed')
    expect(new AppError('internal', 'Try again.', { cause }).cause).toBe(cause)
  })

  it('is told from other errors by code', () => {
    expect(isAppError(new AppError('gone', 'x'), 'gone')).toBe(true)
    expect(isAppError(new AppError('gone', 'x'), 'conflict')).toBe(false)
    expect(isAppError(new Error('gone'))).toBe(false)
  })

  it('codes are snake case, statuses are errors, titles are sentences without a full stop', () => {
    for (const [code, entry] of Object.entries(errorCatalogue)) {
      expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
      expect(entry.status).toBeGreaterThanOrEqual(400)
      expect(entry.title).toMatch(/^[A-Z].*[^.]$/)
    }
  })
})
