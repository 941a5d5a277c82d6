import { describe, expect, test } from 'vitest'
import { type Evidence, mergeAcross } from './merge-across.ts'

const said = (scanner: string, more: Partial<Evidence> = {}): Evidence => ({
  scanner,
  packageKey: 'lantern 1.2',
  names: ['CVE-2026-0001', 'GHSA-aaaa-bbbb-cccc'],
  path: 'package-lock.json',
  ...more,
})
const stored = (vulnerabilityId: string, one: Evidence) => ({ ...one, vulnerabilityId })

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
