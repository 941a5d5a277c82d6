import { describe, expect, it } from 'vitest'
import { createAddressGuard, isPublicAddress, parseAllowedAddress } from './address-guard.ts'

describe('public addresses', () => {
  it.each(['93.184.216.34', '1.1.1.1', '104.192.136.1', '2606:4700::1111', '2a00:1450:4001::200e'])(
    '%s is public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true)
    },
  )

  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.0.2.1',
    '192.168.0.1',
    '198.18.0.1',
    '198.51.100.7',
    '203.0.113.9',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:93.184.216.34',
    '::ffff:0:127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::7f00:1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '5f00::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    'not an address',
    '',
  ])('%s is not', (address) => {
    expect(isPublicAddress(address)).toBe(false)
  })
})

describe('the list of allowed private addresses', () => {
  it.each(['10.0.0.0/8', '127.0.0.1', '::1', 'fd00::/8', '127.0.0.1:9000', '[::1]:9000', 'jira.internal:443'])(
    'takes %s',
    (entry) => {
      expect(parseAllowedAddress(entry)).toBeDefined()
    },
  )

  it.each(['', 'jira.internal', '10.0.0.0/33', 'http://x:80', 'x:0', 'x:99999', '10.0.0', '*'])(
    'does not take "%s"',
    (entry) => {
      expect(parseAllowedAddress(entry)).toBeUndefined()
    },
  )
})

describe('a name that cannot be resolved', () => {
  it('is told as the error it is, though the resolver hands on no list of addresses', async () => {
    const missing = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })
    const guard = createAddressGuard([], (_hostname, done) => done(missing))
    const told = await new Promise((resolve) =>
      guard.lookup('nowhere.example', { all: true }, (error) => resolve(error)),
    )
    expect(told).toBe(missing)
  })
})
