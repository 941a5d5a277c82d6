import { connect, createServer, type Socket } from 'node:net'

/** The one address of several web processes, as a load balancer gives it: each connection goes to one that answers. */
export type Gateway = {
  url: string
  /** Breaks every connection of this moment, in the middle of whatever it carries. Answers how many. */
  cut: () => number
  close: () => Promise<void>
}

/** Asked for the ports anew with each connection; the next one is taken where nobody listens. */
export async function openGateway(ports: readonly number[]): Promise<Gateway> {
  const open = new Set<Socket>()
  let turn = 0
  const server = createServer((client) => {
    open.add(client)
    client.once('close', () => open.delete(client))
    client.on('error', () => client.destroy())
    turn += 1
    forward(
      client,
      ports.map((_, index) => ports[(turn + index) % ports.length] ?? 0),
    )
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The gateway has no port.')
  const cut = (): number => {
    const count = open.size
    for (const socket of open) socket.destroy()
    return count
  }
  return {
    url: `http://127.0.0.1:${address.port}`,
    cut,
    close: async () => {
      cut()
      await new Promise((done) => server.close(done))
    },
  }
}

function forward(client: Socket, ports: readonly number[]): void {
  const [port, ...others] = ports
  if (port === undefined) {
    client.destroy()
    return
  }
  const backend = connect(port, '127.0.0.1')
  backend.once('connect', () => {
    client.pipe(backend)
    backend.pipe(client)
    client.once('close', () => backend.destroy())
    backend.once('close', () => client.destroy())
  })
  backend.on('error', () => {
    if (backend.connecting || backend.bytesRead + backend.bytesWritten === 0) forward(client, others)
    else client.destroy()
  })
}
