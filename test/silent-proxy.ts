import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** Stands before a database: after `silence` the connections made so far carry nothing any more and do not break, new ones work. */
export async function startSilentProxy(databaseUrl: string) {
  const target = new URL(databaseUrl.replace('@/', '@localhost/'))
  const folder = target.searchParams.get('host')
  const port = Number(target.searchParams.get('port') ?? (target.port || 5432))
  const pairs: [Socket, Socket][] = []
  const server = createServer((near) => {
    const far = folder?.startsWith('/') ? connect(`${folder}/.s.PGSQL.${port}`) : connect(port, target.hostname)
    for (const socket of [near, far]) socket.on('error', () => undefined)
    near.pipe(far).pipe(near)
    pairs.push([near, far])
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy does not listen.')
  const who = `${target.username}${target.password === '' ? '' : `:${target.password}`}`
  return {
    url: `postgres://${who}@127.0.0.1:${address.port}${target.pathname}`,
    silence: () => {
      for (const [near, far] of pairs) {
        near.unpipe(far)
        far.unpipe(near)
        near.pause()
        far.pause()
      }
    },
    close: () => {
      for (const socket of pairs.flat()) socket.destroy()
      server.close()
    },
  }
}
