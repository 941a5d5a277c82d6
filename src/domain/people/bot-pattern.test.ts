import { describe, expect, test } from 'vitest'
import { findPatternFault, toLikePattern } from './bot-pattern.ts'

describe('a pattern for programs', () => {
  test.each([
    ['*-bot', '%-bot'],
    ['Renovate Bot', 'renovate bot'],
    ['ci**build*', 'ci%build%'],
    ['100%_sure\\', '100\\%\\_sure\\\\'],
    ['  noreply@*  ', 'noreply@%'],
  ])('%s is asked for as %s', (pattern, like) => expect(toLikePattern(pattern)).toBe(like))

  test.each(['*', '***', '* *', 'a*', ''])('“%s” would take everybody, and is refused', (pattern) =>
    expect(findPatternFault(pattern)).toContain('two letters'),
  )
  test('with six stars is refused, with five it is not', () => {
    expect(findPatternFault('*a*b*c*d*e*')).toContain('five stars')
    expect(findPatternFault('*a*b**c*d*e')).toBeUndefined()
  })
})
