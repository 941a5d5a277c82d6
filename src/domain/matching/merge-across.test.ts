import { describe, expect, test } from 'vitest'
import { type Evidence, type KnownEvidence, mergeAcross } from './merge-across.ts'

const said = (scanner: string, more: Partial<Evidence> = {}): Evidence => ({
  scanner,
  packageKey: 'lantern 1.2',
  names: ['CVE-2026-0001', 'GHSA-aaaa-bbbb-cccc'],
  path: 'package-lock.json',
  ...more,
})
const stored = (vulnerabilityId: string, one: Evidence, more: Partial<KnownEvidence> = {}): KnownEvidence => ({
  ...one,
  vulnerabilityId,
  active: true,
  apartGroups: [],
  ...more,
})

describe('evidence of another scanner', () => {
  const known = [stored('v1', said('Beacon', { names: ['GHSA-aaaa-bbbb-cccc'] }))]

  test.each<[string, Partial<Evidence>, string | undefined]>([
    ['belongs to what shares a name of the advisory', {}, 'v1'],
    ['wherever it says the package is', { path: null }, 'v1'],
    ['not for another package or version', { packageKey: 'lantern 1.3' }, undefined],
    ['not by another advisory', { names: ['CVE-2026-0001'] }, undefined],
    ['not without a package', { packageKey: null }, undefined],
  ])('%s', (_, more, wanted) => expect(mergeAcross([said('Lantern', more)], known)).toEqual([wanted]))

  test('of the same scanner is a matter of matching, not of merging', () => {
    expect(mergeAcross([said('Beacon')], known)).toEqual([undefined])
  })

  test('in two places is two, each where its path fits best', () => {
    const two = [
      stored('v1', said('Beacon', { path: 'shop/package-lock.json' })),
      stored('v2', said('Beacon', { path: 'harbour/package-lock.json' })),
    ]
    const fresh = ['src/harbour/package-lock.json', 'src/shop/package-lock.json', 'third/package-lock.json']
    expect(
      mergeAcross(
        fresh.map((path) => said('Lantern', { path })),
        two,
      ),
    ).toEqual(['v2', 'v1', undefined])
  })
})

describe('what a person took apart', () => {
  const apart = { apartGroups: ['g1'] }
  const lantern = stored('v1', said('Lantern'), apart)
  const beacon = stored('v2', said('Beacon'), apart)

  test.each<[string, Partial<Evidence>, readonly KnownEvidence[], string | undefined]>([
    ['where its own scanner tells of it', { path: 'other.lock' }, [lantern, beacon], 'v1'],
    ['where its own scanner told of it once', {}, [{ ...lantern, active: false }, beacon], 'v1'],
    ['not where another scanner tells of another advisory', { names: ['CVE-2026-0009'] }, [lantern, beacon], undefined],
  ])('stays apart: what is new goes %s', (_, more, known, wanted) => {
    expect(mergeAcross([said('Lantern', more)], known)).toEqual([wanted])
    expect(mergeAcross([said('Lantern', more)], known.toReversed())).toEqual([wanted])
  })

  test('gets what a third scanner tells, the older of the two', () => {
    expect(mergeAcross([said('Mole')], [beacon, lantern])).toEqual(['v1'])
  })
})

test('evidence of the same scanner that is gone, in what a person decided about, is no second place', () => {
  expect(mergeAcross([said('Beacon')], [stored('v1', said('Beacon'), { active: false })])).toEqual(['v1'])
})
