import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type ImpactLevel, impactLevels, severityOfImpact } from './impact.ts'
import { type Severity, severities } from './severity.ts'

const worth = (level: ImpactLevel) => impactLevels.indexOf(level) + 1

describe('impact × probability', () => {
  test.each<[number, Severity]>([
    [1, 'notification'],
    [2, 'low'],
    [3, 'medium'],
    [4, 'medium'],
    [6, 'high'],
    [9, 'critical'],
  ])('of %i is %s', (product, wanted) => {
    const pairs = impactLevels.flatMap((impact) => impactLevels.map((probability) => ({ impact, probability })))
    const fits = pairs.filter(({ impact, probability }) => worth(impact) * worth(probability) === product)
    expect(fits.length).toBeGreaterThan(0)
    for (const pair of fits) expect(severityOfImpact(pair)).toBe(wanted)
  })

  test('is the table of the page', () => {
    const page = readFileSync(new URL('../../docs/severity.md', import.meta.url), 'utf8')
    const rows = impactLevels.map((impact) => {
      const cells = impactLevels.map((probability) => severityOfImpact({ impact, probability }))
      return `| **${impact}** | ${cells.join(' | ')} |`
    })
    expect(page).toContain(`| impact ↓ probability → | ${impactLevels.join(' | ')} |`)
    expect(page).toContain(rows.toReversed().join('\n'))
  })

  test('never falls when either rises', () => {
    const rank = (impact: ImpactLevel, probability: ImpactLevel) =>
      severities.indexOf(severityOfImpact({ impact, probability }))
    for (const level of impactLevels) {
      const [low, medium, high] = impactLevels
      expect(rank(low, level)).toBeGreaterThan(rank(medium, level))
      expect(rank(medium, level)).toBeGreaterThan(rank(high, level))
      expect(rank(level, low)).toBeGreaterThan(rank(level, medium))
      expect(rank(level, medium)).toBeGreaterThan(rank(level, high))
    }
  })
})
