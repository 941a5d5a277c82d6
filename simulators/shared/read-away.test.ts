import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { numberAt } from './json.ts'
import { readAway } from './read-away.ts'

test('an answer without an end is left alone after a while, and what it sent is not kept', async () => {
  const piece = Buffer.alloc(64 * 1024)
  const endless = createServer((_request, response) => {
    const write = () => {
      while (!response.destroyed && response.write(piece));
    }
    response.on('drain', write)
    write()
  }).listen(0, '127.0.0.1')
  await once(endless, 'listening')
  // Not by `once`: that it is reset, an error, is one way of being gone.
  const gone = new Promise<void>((resolve) => {
    endless.once('connection', (socket) => socket.once('close', () => resolve()))
  })
  const answer = await fetch(`http://127.0.0.1:${numberAt(endless.address(), 'port') ?? 0}/`)
  await readAway(answer)
  await gone
  expect(answer.status).toBe(200)
  endless.close()
})

test('of an answer that has none nothing is read', async () => {
  expect(await readAway(new Response(null, { status: 204 }))).toBeUndefined()
})
