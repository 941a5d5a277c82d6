// Preloaded before a client that knows no address but bitbucket.org: its TLS connections end at the simulator, in the
// clear. Every HTTP client of Node opens them through this one function, so the client itself stays as published.
import net from 'node:net'
import tls from 'node:tls'

const simulator = new URL(process.env.SIMULATED_BITBUCKET)
const hosts = ['api.bitbucket.org', 'bitbucket.org']

tls.connect = (options, ...rest) => {
  const host = options.servername || options.host
  if (!hosts.includes(host)) throw new Error(`a driven client must not call ${host}`)
  const socket = net.connect({ host: simulator.hostname, port: Number(simulator.port) })
  Object.assign(socket, { encrypted: true, authorized: true, alpnProtocol: false })
  socket.once('connect', () => socket.emit('secureConnect'))
  const connected = rest.find((one) => typeof one === 'function')
  if (connected !== undefined) socket.once('secureConnect', connected)
  return socket
}
