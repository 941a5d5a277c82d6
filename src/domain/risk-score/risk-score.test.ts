import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { businessImpacts } from '../business-impact.ts'
import { severities } from '../severity.ts'
import { countFunnel } from './count-funnel.ts'
import { roundPoints } from './round-points.ts'
import { type AssetTraits, type RiskyGroup, scoreAsset } from './score-asset.ts'
import { type ScoredAsset, scoreOrganization } from './score-organization.ts'
import { assetWeights, severityWeights, surcharges } from './weights.ts'

const page = readFileSync(new URL('../../../docs/risk-score.md', import.meta.url), 'utf8')
const quiet: AssetTraits = { businessImpact: 'low', exposure: 'internal', hasSensitiveData: false }
const exposed: AssetTraits = { businessImpact: 'high', exposure: 'internet', hasSensitiveData: true }

function open(severity: RiskyGroup['severity'], more: Partial<RiskyGroup> = {}): RiskyGroup {
  return { id: severity, severity, isKnownExploited: false, epssProbability: null, daysPastDue: null, ...more }
}
const times = (count: number, one: RiskyGroup) =>
  Array.from({ length: count }, (_, index) => ({ ...one, id: `${one.severity} ${index}` }))

describe('the worked example of the page', () => {
  const found = [
    open('critical', { isKnownExploited: true, daysPastDue: 40, epssProbability: 0.9 }),
    open('high', { id: 'likely', epssProbability: 0.12, daysPastDue: 0 }),
    open('high'),
    open('medium', { id: 'late', daysPastDue: 5 }),
    ...times(2, open('medium', { daysPastDue: -3 })),
    ...times(10, open('low', { epssProbability: 0.0099 })),
  ]
  const { score, contributions, groups } = scoreAsset({ ...exposed, hasSensitiveData: false }, found)

  test('has that score', () => {
    const low = 5 * (1 - Math.exp(-10 / 5))
    const medium = 20 * (1 - Math.exp(-(12.5 + low) / 20))
    const high = 100 * (1 - Math.exp(-(36 + medium) / 100))
    expect(score).toBeCloseTo(100 * (1 - Math.exp(-(87.5 + high) / 100)), 10)
    expect(score.toFixed(1)).toBe('71.4')
    expect(page).toContain('= **71.4** |')
  })

  test('is explained by those points', () => {
    const points = roundPoints(contributions.map((one) => one.points))
    const rows = contributions.map(({ label }, index) => `| ${label} | ${points[index]?.toFixed(1)} |`)
    expect(page).toContain(`| shown | points |\n|---|---|\n${rows.join('\n')}\n`)
  })

  test('names the worst first, each with its own points', () => {
    expect(groups.slice(0, 4).map(({ id }) => id)).toEqual(['critical', 'likely', 'high', 'late'])
    expect(groups[0]?.contributions.map(({ label }) => label)).toEqual([
      'Critical vulnerabilities',
      'Known to be exploited',
      'Internet-facing',
      'Business impact',
      'Past the deadline',
    ])
  })
})

test('the page states the weights that count', () => {
  const { businessImpact, epss, overdue } = surcharges
  const rows = [
    ...severities.map((severity) => [severity, severityWeights[severity].weight, severityWeights[severity].ceiling]),
    ['known to be exploited (CISA KEV)', surcharges.knownExploited],
    [`else likely to be: EPSS probability of ${epss[0].from} or more`, epss[0].share],
    ...epss.slice(1).map(({ from, share }) => [`… ${from} or more`, share]),
    ['asset faces the internet', surcharges.internet],
    ['asset has sensitive data', surcharges.sensitiveData],
    ['business impact of the asset high', businessImpact.high],
    ['… medium', businessImpact.medium],
    [`more than ${overdue[0].from - 1} days past its deadline`, overdue[0].share],
    [`… ${overdue[1].from} day or more`, overdue[1].share],
  ]
  for (const row of rows) expect(page).toContain(`\n| ${row.join(' | ')} |\n`)
  const weights = businessImpacts.map((impact) => `${impact} ${assetWeights[impact]}`)
  expect(page).toContain(`weighted by business impact: ${weights.join(', ')}.`)
})

describe('beside its severity a vulnerability weighs', () => {
  test.each<[string, Partial<AssetTraits>, Partial<RiskyGroup>, string, number]>([
    ['that it is exploited', {}, { isKnownExploited: true, epssProbability: 1 }, 'Known to be exploited', 1],
    ['that it may well be', {}, { epssProbability: 0.5 }, 'Likely to be exploited', 0.75],
    ['that it may be', {}, { epssProbability: 0.499 }, 'Likely to be exploited', 0.5],
    ['that it might be', {}, { epssProbability: 0.01 }, 'Likely to be exploited', 0.2],
    ['who reaches it', { exposure: 'internet' }, {}, 'Internet-facing', 0.5],
    ['what it holds', { hasSensitiveData: true }, {}, 'Sensitive data', 0.25],
    ['that its asset matters', { businessImpact: 'high' }, {}, 'Business impact', 0.5],
    ['that its asset matters some', { businessImpact: 'medium' }, {}, 'Business impact', 0.25],
    ['that it is late', {}, { daysPastDue: 30 }, 'Past the deadline', 0.25],
    ['that it is very late', {}, { daysPastDue: 31 }, 'Past the deadline', 0.5],
  ])('%s', (_, asset, more, label, share) => {
    const { contributions } = scoreAsset({ ...quiet, ...asset }, [open('medium', more)])
    const [first, second] = ['Medium vulnerabilities', label].map((name) =>
      contributions.find((one) => one.label === name),
    )
    expect(contributions).toHaveLength(2)
    expect((second?.points ?? 0) / (first?.points ?? 1)).toBeCloseTo(share, 10)
  })

  test('nothing where nothing makes it worse', () => {
    const harmless = open('medium', { epssProbability: 0.0099, daysPastDue: 0 })
    expect(scoreAsset(quiet, [harmless]).contributions.map(({ label }) => label)).toEqual(['Medium vulnerabilities'])
  })
})

test('one critical counts more than any number of mediums and lows', () => {
  const worst = { isKnownExploited: true, daysPastDue: 400 }
  const many = scoreAsset(exposed, [...times(5000, open('medium', worst)), ...times(5000, open('low', worst))]).score
  expect(many.toFixed(1)).toBe('16.6')
  expect(scoreAsset(quiet, [open('critical')]).score.toFixed(1)).toBe('22.1')
})

const vulnerability = fc.record({
  id: fc.uuid(),
  severity: fc.constantFrom(...severities),
  isKnownExploited: fc.boolean(),
  epssProbability: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }),
  daysPastDue: fc.option(fc.integer({ min: -100, max: 500 }), { nil: null }),
})
const traits: fc.Arbitrary<AssetTraits> = fc.record({
  businessImpact: fc.constantFrom(...businessImpacts),
  exposure: fc.constantFrom('internal', 'internet'),
  hasSensitiveData: fc.boolean(),
})
const found = fc.oneof(fc.array(vulnerability, { maxLength: 12 }), fc.array(vulnerability, { maxLength: 400 }))

describe('the score of an asset', () => {
  test('is 0 to 100, 0 without anything open, and its points add up to it, by label and by vulnerability', () => {
    expect(scoreAsset(exposed, []).score).toBe(0)
    fc.assert(
      fc.property(traits, found, (asset, open) => {
        const { score, contributions, groups } = scoreAsset(asset, open)
        expect(score).toBeGreaterThanOrEqual(0)
        expect(score).toBeLessThanOrEqual(100)
        const sum = (some: readonly { points: number }[]) => some.reduce((total, { points }) => total + points, 0)
        expect(sum(contributions)).toBeCloseTo(score, 8)
        expect(sum(groups)).toBeCloseTo(score, 8)
        for (const one of groups) expect(sum(one.contributions)).toBe(one.points)
        expect(groups.map(({ id }) => id).toSorted()).toEqual(open.map(({ id }) => id).toSorted())
      }),
    )
  })

  test('is the same for a group as for each of it', () => {
    fc.assert(
      fc.property(traits, vulnerability, fc.integer({ min: 1, max: 60 }), found, (asset, one, count, open) => {
        const grouped = scoreAsset(asset, [...open, { ...one, count }])
        const singly = scoreAsset(asset, [...open, ...times(count, one)])
        expect(grouped.score).toBeCloseTo(singly.score, 8)
        const mine = (label: string) => (part: { label: string }) => part.label === label
        for (const { label, points } of singly.contributions)
          expect(grouped.contributions.find(mine(label))?.points).toBeCloseTo(points, 8)
        const [group] = grouped.groups.filter(({ id }) => id === one.id)
        expect((group?.pointsEach ?? 0) * count).toBeCloseTo(group?.points ?? -1, 8)
      }),
    )
  })

  test('does not depend on the order', () => {
    fc.assert(
      fc.property(traits, found, (asset, open) => {
        expect(scoreAsset(asset, open.toReversed()).score).toBeCloseTo(scoreAsset(asset, open).score, 10)
      }),
    )
  })

  test('never falls by one more, by one that gets worse, or by an asset that matters more', () => {
    const worsened: Partial<RiskyGroup>[] = [{ severity: 'critical' }, { isKnownExploited: true }, { daysPastDue: 501 }]
    const better = 1e-9
    fc.assert(
      fc.property(traits, found, vulnerability, fc.constantFrom(...worsened), (asset, open, one, worse) => {
        const before = scoreAsset(asset, [...open, one]).score
        expect(before).toBeGreaterThan(scoreAsset(asset, open).score - better)
        expect(scoreAsset(asset, [...open, { ...one, ...worse }]).score).toBeGreaterThan(before - better)
        const step = severities[severities.indexOf(one.severity) - 1] ?? 'critical'
        expect(scoreAsset(asset, [...open, { ...one, severity: step }]).score).toBeGreaterThan(before - better)
        expect(scoreAsset(exposed, [...open, one]).score).toBeGreaterThan(before - better)
      }),
    )
  })
})

describe('the score of the organization', () => {
  const asset = (businessImpact: ScoredAsset['businessImpact'], score: number | null): ScoredAsset => ({
    id: businessImpact,
    businessImpact,
    score,
  })

  test('is the weighted mean of the page', () => {
    const { score, assets, unscored } = scoreOrganization([
      asset('low', 5),
      asset('high', 71.4),
      asset('medium', 20),
      asset('high', null),
    ])
    expect(score?.toFixed(1)).toBe('47.2')
    expect(page).toContain('(4 × 71.4 + 2 × 20 + 1 × 5) / 7 = **47.2**')
    expect(assets.map(({ id }) => id)).toEqual(['high', 'medium', 'low'])
    expect(unscored).toBe(1)
  })

  test('is unknown without a scored asset', () => {
    expect(scoreOrganization([])).toMatchObject({ score: null, unscored: 0 })
    expect(scoreOrganization([asset('high', null)])).toMatchObject({ score: null, assets: [], unscored: 1 })
  })

  test('lies between the least and the greatest of its assets, and its points add up to it', () => {
    const scored = fc.record({
      id: fc.uuid(),
      businessImpact: fc.constantFrom(...businessImpacts),
      score: fc.double({ min: 0, max: 100, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(scored, { minLength: 1 }), (some) => {
        const { score, assets } = scoreOrganization(some)
        const scores = some.map((one) => one.score)
        expect(score).toBeGreaterThan(Math.min(...scores) - 1e-9)
        expect(score).toBeLessThan(Math.max(...scores) + 1e-9)
        expect(assets.reduce((total, { points }) => total + points, 0)).toBeCloseTo(score ?? -1, 8)
      }),
    )
  })
})

test('rounded points add up to the rounded sum, and none is off by more than a tenth', () => {
  expect(roundPoints([3.34, 3.33, 3.33])).toEqual([3.4, 3.3, 3.3])
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 30, noNaN: true }), { maxLength: 20 }), (points) => {
      const rounded = roundPoints(points)
      const sum = points.reduce((total, value) => total + value, 0)
      expect(Math.round(rounded.reduce((total, value) => total + value, 0) * 10)).toBe(Math.round(sum * 10))
      for (const [index, value] of rounded.entries())
        expect(Math.abs(value - (points[index] ?? 0))).toBeLessThan(0.1 + 1e-9)
    }),
  )
})

describe('the funnel', () => {
  test('counts each step within the one before', () => {
    expect(
      countFunnel([
        { ...exposed, open: 3 },
        { ...exposed, hasSensitiveData: false, open: 5 },
        { ...exposed, exposure: 'internal', open: 7 },
        { ...exposed, businessImpact: 'medium', open: 11 },
        { ...quiet, open: 13 },
      ]),
    ).toEqual({ open: 39, highImpact: 15, internetFacing: 8, sensitiveData: 3 })
  })

  test('never widens', () => {
    const assets = fc.array(fc.tuple(traits, fc.nat(1000)).map(([asset, open]) => ({ ...asset, open })))
    fc.assert(
      fc.property(assets, (assets) => {
        const { open, highImpact, internetFacing, sensitiveData } = countFunnel(assets)
        expect(open >= highImpact && highImpact >= internetFacing && internetFacing >= sensitiveData).toBe(true)
      }),
    )
  })
})
