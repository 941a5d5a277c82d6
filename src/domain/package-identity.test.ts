import { describe, expect, test } from 'vitest'
import { findAdvisoryNames, orderAdvisoryNames } from './advisory-names.ts'
import { packageParts, parsePackageUrl, projectOf, spellEcosystem, spellVersion } from './package-identity.ts'
import { similarity, sketchText } from './text-sketch.ts'

describe('package URLs', () => {
  test.each([
    ['pkg:npm/%40quay/lantern@1.2.0', 'npm', '@quay/lantern', '1.2.0'],
    ['pkg:npm/@quay/lantern', 'npm', '@quay/lantern', null],
    ['pkg:deb/debian/bash@5.0-4?arch=arm64&distro=debian-12', 'deb', 'debian/bash', '5.0-4'],
    ['pkg:golang/quay.example/harbour/light@v1.4.0#cmd/light', 'golang', 'quay.example/harbour/light', 'v1.4.0'],
    ['pkg:maven/example.quay/lantern@2.0', 'maven', 'example.quay/lantern', '2.0'],
    ['pkg://pypi/lantern@1.0%2Blocal', 'pypi', 'lantern', '1.0+local'],
    ['pkg:npm/100%25@1', 'npm', '100%', '1'],
    ['pkg:npm/100%@1', 'npm', '100%', '1'],
  ])('%s', (purl, ecosystem, name, version) => {
    expect(parsePackageUrl(purl)).toEqual({ ecosystem, name, version })
  })

  test.each(['', 'lantern', 'pkg:', 'pkg:npm', 'pkg:npm/', 'pkg:npm/@1.0', 'urn:uuid:1'])('%j is none', (text) => {
    expect(parsePackageUrl(text)?.name ?? '').toBe('')
  })
})

describe('names of packages', () => {
  const same = (ecosystem: string, one: string, other: string) => {
    const parts = (name: string) => packageParts({ ecosystem, name, version: null }).join(' ')
    return parts(one) === parts(other)
  }
  test.each([
    ['pypi', 'Lantern_Light.py', 'lantern-light-py', true],
    ['maven', 'example.quay:lantern', 'example.quay/lantern', true],
    ['deb', 'debian/bash', 'bash', true],
    ['golang', 'example/Quay', 'example/quay', false],
    ['npm', '@quay/lantern', 'lantern', false],
  ])('%s: %s and %s', (ecosystem, one, other, wanted) => expect(same(ecosystem, one, other)).toBe(wanted))

  test.each([
    ['node-pkg', 'npm'],
    ['Go', 'golang'],
    ['Debian:11', 'deb'],
    ['java-archive', 'maven'],
    ['crates.io', 'cargo'],
    ['Quayware', 'quayware'],
  ])('%s is %s', (word, wanted) => expect(spellEcosystem(word)).toBe(wanted))
})

test.each([
  ['golang', 'v1.4.0+incompatible', '1.4.0'],
  ['golang', 'go1.24.4', '1.24.4'],
  ['npm', 'v1.2.0+build.7', '1.2.0'],
  ['pypi', '1.0.0', '1'],
  ['pypi', '1.0-Beta.2', '1b2'],
  ['pypi', '2.0.post1', '2.post1'],
  ['maven', '2.0.0.RELEASE', '2'],
  ['maven', '2.0-rc1', '2-rc1'],
  ['deb', '0:5.0-4', '5.0-4'],
  ['apk', '1.2.3-r4', '1.2.3-r4'],
])('%s %s is %s', (ecosystem, version, wanted) => expect(spellVersion(ecosystem, version)).toBe(wanted))

test.each([
  ['package-lock.json', '.'],
  ['shop/package.json', 'shop/.'],
  ['shop/requirements-dev.txt', 'shop/.'],
  ['api/Api.csproj', 'api/.'],
  ['usr/lib/node_modules/npm/x.js', 'usr/lib/node_modules/npm/x.js'],
  ['lib/quay.jar', 'lib/quay.jar'],
  [null, ''],
])('the project of %s is %s', (path, wanted) => expect(projectOf(path, null)).toBe(wanted))

test.each([
  ['lib/quay-1.2.0.jar', '1.2.0', 'lib/quay-1.2.1.jar', '1.2.1'],
  [
    'usr/lib/python3.6/site-packages/rope-20.3.3.dist-info/METADATA',
    '20.3.3',
    'usr/lib/python3.7/site-packages/rope-21.0.dist-info/METADATA',
    '21.0',
  ],
  ['go/pkg/mod/quay.example/light@v1.4.0/go.mod', 'v1.4.0', 'go/pkg/mod/quay.example/light@v1.5.0/go.mod', '1.5.0'],
])('an update of what is installed stays in its place: %s', (before, old, now, fresh) => {
  expect(projectOf(now, fresh)).toBe(projectOf(before, old))
  expect(projectOf(`other/${now}`, fresh)).not.toBe(projectOf(before, old))
})

test('a lone number is no version in a path', () => {
  expect(projectOf('pier2/quay.jar', '2')).toBe('pier2/quay.jar')
})

test('the name that stands for an advisory is its CVE, else its GHSA, else the first of the rest', () => {
  const names = ['PYSEC-2026-1', 'ghsa-AAAA-bbbb-cccc', 'cve-2026-0001', 'CVE-2026-0001']
  expect(orderAdvisoryNames(names)).toEqual(['CVE-2026-0001', 'GHSA-aaaa-bbbb-cccc', 'PYSEC-2026-1'])
  expect(orderAdvisoryNames(names.toReversed())).toEqual(orderAdvisoryNames(names))
  expect(findAdvisoryNames('see GHSA-aaaa-bbbb-cccc, cve-2026-0001 and CVE-2026-0001')).toEqual([
    'GHSA-aaaa-bbbb-cccc',
    'CVE-2026-0001',
  ])
})

describe('likeness of texts', () => {
  const alike = (one: string, other: string) => similarity(sketchText(one), sketchText(other))
  test('is the share of words they have in common', () => {
    expect(alike('run(command, shell)', 'run( command,shell )')).toBe(1)
    expect(alike('a1 b1 c1 d1', 'a1 b1 c1 e1')).toBeCloseTo(3 / 5)
    expect(alike('a1 b1', 'c1 d1')).toBe(0)
  })
  test('is none for what says too little', () => {
    expect(sketchText('eval')).toBeNull()
    expect(similarity(null, null)).toBe(0)
  })
  test('of long texts is estimated', () => {
    const words = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `w${from + index}`)
    const [one, other] = [words(0, 1000).join(' '), words(100, 1000).join(' ')]
    expect(sketchText(one)).toHaveLength(36)
    expect(alike(one, other)).toBeGreaterThan(0.6)
    expect(alike(one, words(5000, 6000).join(' '))).toBeLessThan(0.3)
  })
})
