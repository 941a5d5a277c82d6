import { expect, test } from 'vitest'
import { shapeDifferences, shapeOf } from './shape.ts'

const differences = (recorded: unknown, ours: unknown) => shapeDifferences(shapeOf(recorded), shapeOf(ours))
const self = (href: string) => ({ links: { self: { href } } })

test.each([
  [{ a: 1 }, { a: 2 }, []],
  [{ a: 1, b: null }, { a: 1 }, ['b: missing']],
  [{ a: 1 }, { a: 1, b: { c: 2 } }, ['b: not recorded']],
  [{ a: null }, { a: 'x' }, []],
  [{ a: 1 }, { a: '1' }, ['a: recorded number, ours text']],
  [{ a: [] }, { a: [{ b: 1 }] }, []],
  [{ a: [{ b: 1 }, { c: 1 }] }, { a: [{ b: 1 }] }, ['a[].c: missing']],
  [{ a: '2026-11-20T10:00:00.000001+00:00' }, { a: '2026-11-20T10:00:00+00:00' }, []],
  [{ a: '2026-11-20T10:00:00Z' }, { a: '2026-11-20T10:00:00+00:00' }, ['a: recorded time in Z, ours time']],
  [{ a: '0123456789ab' }, { a: '0123456789'.repeat(4) }, ['a: recorded short hash, ours hash']],
  [{ a: '{01234567-89ab-4def-8123-456789abcdef}' }, { a: '01234567' }, ['a: recorded uuid, ours text']],
  [self('https://api.bitbucket.org/2.0/users/x'), self('https://api.bitbucket.org/2.0/users/y'), []],
  [
    self('https://api.bitbucket.org/2.0/users/x'),
    self('https://bitbucket.org/x/'),
    ['links.self.href: recorded https://api.bitbucket.org/2.0/users/*, ours https://bitbucket.org/*/'],
  ],
])('%j and %j', (recorded, ours, said) => {
  expect(differences(recorded, ours)).toEqual(said)
})
