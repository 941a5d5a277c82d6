import { once } from 'node:events'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { fastify } from 'fastify'
import { expect, test } from 'vitest'
import { sendFile } from './send-file.ts'

test('a file whose receiver has left while it was fetched is closed', async () => {
  const server = fastify()
  const content = Readable.from([Buffer.from('what nobody reads')])
  const closed = once(content, 'close')
  const asked = Promise.withResolvers<void>()
  server.get('/', async (request, reply) => {
    asked.resolve()
    await once(request.raw.socket, 'close')
    await sendFile(reply, { name: 'trace.txt', type: 'text/plain', bytes: 17, content })
  })
  const { hostname, port } = new URL(await server.listen({ port: 0, host: '127.0.0.1' }))
  const socket = connect(Number(port), hostname)
  socket.write('GET / HTTP/1.1\r\nhost: weir\r\n\r\n')
  await asked.promise
  socket.destroy()
  await closed
  expect(content.destroyed).toBe(true)
  await server.close()
})
