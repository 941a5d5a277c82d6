import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findAliasMerges } from './find-alias-merges.ts'
import type { KnownEvidence } from './merge-across.ts'

const said = (vulnerabilityId: string, scanner: string, more: Partial<KnownEvidence> = {}): KnownEvidence => ({
  vulnerabilityId,
  scanner,
  packageKey: 'lantern 1.2',
  names: ['CVE-2026-0001'],
  path: 'package-lock.json',
  active: true,
  apartGroups: [],
  ...more,
})

describe('vulnerabilities that are one by an alias file', () => {
  test.each<[string, KnownEvidence[], string[]]>([
    ['of two scanners', [said('v1', 'Lantern'), said('v2', 'Beacon')], ['v2 into v1']],
    ['of three', [said('v3', 'Mole'), said('v1', 'Lantern'), said('v2', 'Beacon')], ['v2 into v1', 'v3 into v1']],
    ['not of another package', [said('v1', 'Lantern'), said('v2', 'Beacon', { packageKey: 'rope 1' })], []],
    ['not of another advisory', [said('v1', 'Lantern'), said('v2', 'Beacon', { names: ['CVE-2026-0002'] })], []],
    [
      'not where a person took them apart',
      [said('v1', 'Lantern', { apartGroups: ['g'] }), said('v2', 'Beacon', { apartGroups: ['g'] })],
      [],
    ],
    ['not of one scanner in two places', [said('v1', 'Lantern'), said('v2', 'Lantern', { path: 'other.lock' })], []],
    ['of one scanner that names it twice', [said('v1', 'Lantern'), said('v2', 'Lantern')], ['v2 into v1']],
    ['not of what is one already', [said('v1', 'Lantern'), said('v1', 'Beacon')], []],
  ])('%s', (_, evidence, wanted) => {
    expect(findAliasMerges(evidence).map(({ id, into }) => `${id} into ${into}`)).toEqual(wanted)
  })

  test('are put together once, into what stays, whatever the order', () => {
    const evidence = fc.record({
      vulnerabilityId: fc.constantFrom('v1', 'v2', 'v3', 'v4', 'v5'),
      scanner: fc.constantFrom('Lantern', 'Beacon', 'Mole'),
      packageKey: fc.constantFrom('lantern 1.2', 'rope 1'),
      names: fc.subarray(['CVE-2026-0001', 'CVE-2026-0002', 'GO-1'], { minLength: 1 }),
    })
    fc.assert(
      fc.property(fc.array(evidence), (all) => {
        const whole = all.map(({ vulnerabilityId, scanner, ...more }) => said(vulnerabilityId, scanner, more))
        const merges = findAliasMerges(whole)
        const gone = merges.map(({ id }) => id)
        expect(new Set(gone).size).toBe(gone.length)
        for (const { id, into } of merges) expect(into < id).toBe(true)
      }),
    )
  })
})
