import { expect, test } from 'vitest'
import { toEndpoint } from './to-endpoint.ts'

test.each([
  ['https://Quay.example.com/ships?id=4#top', 'https://quay.example.com:443', '/ships'],
  ['http://quay.example.com:8080', 'http://quay.example.com:8080', '/'],
  ['http://harbour_master//ships.php', 'http://harbour_master:80', '/ships.php'],
  ['https://me:word@quay.example.com/a;jsessionid=77A/b', 'https://quay.example.com:443', '/a/b'],
  ['http://[::1]/a', 'http://[::1]:80', '/a'],
  ['quay.example.com:443', 'quay.example.com:443', ''],
  ['quay.example.com/a?b', 'quay.example.com', '/a'],
  ['/only/a/path', '', '/only/a/path'],
  ['https://quay.example.com/a b\u0000<c>', 'https://quay.example.com:443', '/a b\uFFFD<c>'],
  ['', '', ''],
])('%s', (address, origin, path) => {
  expect(toEndpoint(address)).toEqual({ origin, path, method: '', parameter: '' })
})

test('spells the method in capitals and keeps the parameter as it is', () => {
  expect(toEndpoint('http://a/b', { method: 'post', parameter: ' Name ' })).toMatchObject({
    method: 'POST',
    parameter: 'Name',
  })
})
