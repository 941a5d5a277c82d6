// Preloaded before a client that knows no address but bitbucket.org (README, "A client that knows only bitbucket.org").
// Its TLS connections there end at the simulator, in the clear: every HTTP client of Node opens them through this one
// function, so the client itself stays as published. The same goes for the git it starts.
import { ChildProcess } from 'node:child_process'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import tls from 'node:tls'

const { SIMULATED_BITBUCKET: address = '' } = process.env
if (!URL.canParse(address)) {
  process.stderr.write(
    'reroute.mjs: SIMULATED_BITBUCKET must be the address of a simulator, as in http://127.0.0.1:8421\n',
  )
  process.exit(2)
}
const simulator = new URL(address)
const hosts = ['api.bitbucket.org', 'bitbucket.org']
const connect = tls.connect

/** It is called as Node's own is: `(options)`, `(port, host, options)`, either with a listener. */
tls.connect = (...given) => {
  const options = Object.assign({}, ...given.filter((one) => typeof one === 'object'))
  const host = options.servername || options.host || given.find((one) => typeof one === 'string')
  if (!hosts.includes(host)) {
    if (process.env.SIMULATED_BITBUCKET_ONLY === undefined) return connect(...given)
    throw new Error(`a driven client must not call ${host}`)
  }
  const socket = net.connect({ host: simulator.hostname, port: Number(simulator.port) })
  Object.assign(socket, { encrypted: true, authorized: true, alpnProtocol: false })
  socket.once('connect', () => socket.emit('secureConnect'))
  const connected = given.find((one) => typeof one === 'function')
  if (connected !== undefined) socket.once('secureConnect', connected)
  return socket
}
syncBuiltinESMExports()

// An address with a password in it has no beginning that one could name, so git asks for all of https as http, and for
// all of http at the simulator: nothing of it leaves this machine.
const git = { 'url.http://.insteadOf': 'https://', 'http.proxy': simulator.origin }

/** An environment that leads here too, and keeps what it has. */
function led(environment) {
  const own = { ...environment }
  for (const name of ['NODE_OPTIONS', 'SIMULATED_BITBUCKET', 'SIMULATED_BITBUCKET_ONLY'])
    if (own[name] === undefined && process.env[name] !== undefined) own[name] = process.env[name]
  let count = Number(own.GIT_CONFIG_COUNT ?? 0)
  for (const [key, value] of Object.entries(git)) {
    if (Array.from({ length: count }, (_, at) => own[`GIT_CONFIG_KEY_${at}`]).includes(key)) continue
    Object.assign(own, { [`GIT_CONFIG_KEY_${count}`]: key, [`GIT_CONFIG_VALUE_${count}`]: value })
    count += 1
  }
  return { ...own, GIT_CONFIG_COUNT: String(count) }
}

Object.assign(process.env, led(process.env))

// Some clients pick what their children see of the environment.
const { spawn } = ChildProcess.prototype
ChildProcess.prototype.spawn = function (options) {
  const given = (options.envPairs ?? []).map((pair) => [
    pair.slice(0, pair.indexOf('=')),
    pair.slice(pair.indexOf('=') + 1),
  ])
  options.envPairs = Object.entries(led(Object.fromEntries(given))).map(([name, value]) => `${name}=${value}`)
  return spawn.call(this, options)
}
