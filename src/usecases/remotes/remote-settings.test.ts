import { describe, expect, test } from 'vitest'
import { findUnreachable, toRemoteAddresses } from './remote-settings.ts'

const settings = {
  publicUrl: 'https://weir.example.org',
  bitbucketApiUrl: 'https://api.bitbucket.org/2.0',
  bitbucketWebUrl: 'https://bitbucket.org',
  jiraApiUrl: 'https://api.atlassian.com',
  jiraLoginUrl: 'https://auth.atlassian.com',
  allowedPrivateAddresses: ['10.1.0.0/16', 'fd00::/8', 'bitbucket.internal:8080'],
}
const read = (apiUrl: string, webUrl?: string) => toRemoteAddresses(settings, { apiUrl, webUrl })

describe('the address of a remote', () => {
  test.each([
    ['http://api.bitbucket.org/2.0', undefined, 'api_url'],
    ['http://bitbucket.example', undefined, 'api_url'],
    ['https://bitbucket.example', 'http://bitbucket.example', 'web_url'],
    ['http://8.8.8.8/2.0', undefined, 'api_url'],
    ['http://10.2.0.1/2.0', undefined, 'api_url'],
    ['http://127.0.0.1:9000', undefined, 'api_url'],
    ['http://bitbucket.internal', undefined, 'api_url'],
    // A range of public addresses that somebody listed does not make them private.
    ['http://8.8.4.4', undefined, 'api_url'],
  ])('%s (%s) is refused over plain http, with the field and what to do', (apiUrl, webUrl, field) => {
    const allowed = { ...settings, allowedPrivateAddresses: [...settings.allowedPrivateAddresses, '8.8.4.0/24'] }
    expect(() => toRemoteAddresses(allowed, { apiUrl, webUrl })).toThrow(
      expect.objectContaining({
        code: 'validation_failed',
        detail: expect.stringMatching(new RegExp(`^${field}: begin it with https://.*WEIR_ALLOWED_PRIVATE_ADDRESSES`)),
        meta: { fields: { [field]: [expect.any(String)] } },
      }),
    )
  })

  test.each([
    ['https://bitbucket.example', 'https://bitbucket.example/2.0'],
    ['https://bitbucket.example/api/2.0/', 'https://bitbucket.example/api/2.0'],
    ['http://10.1.2.3:7990', 'http://10.1.2.3:7990/2.0'],
    ['http://[fd00::1]:7990', 'http://[fd00::1]:7990/2.0'],
    ['http://bitbucket.internal:8080', 'http://bitbucket.internal:8080/2.0'],
  ])('%s is accepted', (given, apiUrl) => {
    expect(read(given)).toMatchObject({ apiUrl })
  })

  test('as configured is always accepted: the administrator said so', () => {
    const plain = { ...settings, bitbucketApiUrl: 'http://remote.test/2.0', bitbucketWebUrl: 'http://remote.test' }
    expect(toRemoteAddresses(plain, { apiUrl: 'http://remote.test/2.0' })).toEqual({
      apiUrl: 'http://remote.test/2.0',
      webUrl: 'http://remote.test',
    })
  })

  test.each(['ftp://bitbucket.example', 'bitbucket.example', 'https://me:secret@bitbucket.example'])(
    '%s is no address to connect to',
    (given) => {
      expect(() => read(given)).toThrow(/complete address/)
    },
  )
})

describe('an address of ours that is this machine alone', () => {
  const cloud = 'https://api.bitbucket.org/2.0'

  test.each(['http://localhost:8420', 'http://127.0.0.1:8420', 'http://[::1]:8420'])(
    '%s is not reached by Bitbucket, but by a simulated one beside it',
    (publicUrl) => {
      expect(findUnreachable({ publicUrl }, cloud)).toMatch(/WEIR_PUBLIC_URL/)
      expect(findUnreachable({ publicUrl }, 'http://127.0.0.1:8421/2.0')).toBeNull()
    },
  )

  test('nothing is said against a public one', () => {
    expect(findUnreachable({ publicUrl: 'https://weir.example.com' }, cloud)).toBeNull()
  })
})
