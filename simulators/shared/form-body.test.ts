import { expect, test } from 'vitest'
import { readFormBody } from './form-body.ts'

test('what fetch sends is read field by field, bytes as they are', async () => {
  const form = new FormData()
  form.append('message', 'a "quoted"\r\nword')
  form.append('files', 'one')
  form.append('files', 'two')
  form.append('/img/a"b.png', new Blob([new Uint8Array([0, 13, 10, 45, 45, 255])], { type: 'image/png' }), 'naïve.png')
  const request = new Request('http://host/', { method: 'POST', body: form })
  const parts = readFormBody(request.headers.get('content-type') ?? '', Buffer.from(await request.arrayBuffer()))
  expect(parts?.map(({ name, filename, contentType }) => [name, filename, contentType])).toEqual([
    ['message', null, null],
    ['files', null, null],
    ['files', null, null],
    ['/img/a"b.png', 'naïve.png', 'image/png'],
  ])
  expect(parts?.[0]?.bytes.toString()).toBe('a "quoted"\r\nword')
  expect([...(parts?.[3]?.bytes ?? [])]).toEqual([0, 13, 10, 45, 45, 255])
})

test('a part may be named by Content-ID and carry attributes', () => {
  const body = [
    '--b',
    'Content-ID: "bin/shutdown.sh"',
    'Content-Disposition: attachment; filename="shutdown.sh"; x-attributes:"executable"',
    '',
    'halt',
    '--b',
    "Content-Disposition: form-data; name=two; filename*=UTF-8''na%C3%AFve.txt; x-attributes=link",
    '',
    '',
    '--b--',
    '',
  ].join('\r\n')
  const parts = readFormBody('multipart/form-data; boundary=b', Buffer.from(body))
  expect(parts?.map((part) => ({ ...part, bytes: part.bytes.toString() }))).toEqual([
    {
      name: 'bin/shutdown.sh',
      filename: 'shutdown.sh',
      contentType: null,
      attributes: { 'x-attributes': 'executable' },
      bytes: 'halt',
    },
    { name: 'two', filename: 'naïve.txt', contentType: null, attributes: { 'x-attributes': 'link' }, bytes: '' },
  ])
})

test('an urlencoded form keeps repeated names', () => {
  const parts = readFormBody('application/x-www-form-urlencoded; charset=utf-8', Buffer.from('a=1&a=%2F2&b=x+y'))
  expect(parts?.map(({ name, bytes }) => [name, bytes.toString()])).toEqual([
    ['a', '1'],
    ['a', '/2'],
    ['b', 'x y'],
  ])
})

test.each([
  ['application/json', '{}'],
  ['multipart/form-data', '--b\r\n\r\n--b--'],
  ['multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-data; name="x"\r\n\r\ncut off'],
  ['multipart/form-data; boundary=b', 'nothing'],
])('%s with %j is no form', (contentType, body) => {
  expect(readFormBody(contentType, Buffer.from(body))).toBeUndefined()
})

test.each([
  ["filename*=UTF-8''%zz", '%zz'],
  ["filename*=UTF-8''%zz; filename=plain.txt", 'plain.txt'],
  ["filename*=UTF-8''%41; filename=plain.txt", 'A'],
])('a file is called by what can be decoded: %s', (disposition, name) => {
  const body = `--b\r\nContent-Disposition: form-data; name=files; ${disposition}\r\n\r\nx\r\n--b--`
  const [part] = readFormBody('multipart/form-data; boundary=b', Buffer.from(body)) ?? []
  expect(part?.filename).toBe(name)
})
