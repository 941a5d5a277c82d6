import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../simulator.ts'
import { basic } from '../try-api.ts'

const run = promisify(execFile)
const preload = fileURLToPath(new URL('reroute.mjs', import.meta.url))
let simulator: Simulator

beforeAll(async () => {
  const publicUrls = { api: 'https://api.bitbucket.org/2.0', web: 'https://bitbucket.org' }
  simulator = await startSimulator({ repositories: 0, publicUrls })
})
afterAll(async () => await simulator.close())

/** What a client of its own process prints, given nothing but what the README says. */
async function lead(code: string, led: Record<string, string> = {}): Promise<string> {
  const { PATH = '', HOME = '' } = process.env
  const [mara] = simulator.users
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code], {
    env: {
      PATH,
      HOME,
      SIMULATED_BITBUCKET: simulator.web,
      NODE_OPTIONS: `--import=${preload}`,
      CREDENTIALS: basic(mara?.email ?? '', mara?.api_token ?? ''),
      TOKEN: mara?.api_token ?? '',
      ...led,
    },
  })
  return stdout.trim()
}

test('a client that knows only bitbucket.org reaches the simulator, whichever way it opens connections', async () => {
  const said = await lead(`
    import https from 'node:https'
    import { connect } from 'node:tls'
    const url = 'https://api.bitbucket.org/2.0/repositories/meadow-goods/ledger-core'
    const headers = { authorization: process.env.CREDENTIALS }
    const { full_name, links } = await (await fetch(url, { headers })).json()
    const status = await new Promise((resolve) => https.get(url, { headers }, (reply) => resolve(reply.statusCode)))
    const line = await new Promise((resolve) => {
      const socket = connect(443, 'bitbucket.org', {}, () => socket.end('GET /2.0/nothing HTTP/1.0\\r\\n\\r\\n'))
      socket.once('data', (bytes) => resolve(String(bytes).split('\\r\\n')[0]))
    })
    console.log(JSON.stringify([full_name, links.self.href, status, line]))
    process.exit(0)`)
  expect(JSON.parse(said)).toEqual([
    'meadow-goods/ledger-core',
    'https://api.bitbucket.org/2.0/repositories/meadow-goods/ledger-core',
    200,
    'HTTP/1.1 404 Not Found',
  ])
})

test('the git that it starts goes there too, with the password in the address or without', async () => {
  const said = await lead(`
    import { execFileSync } from 'node:child_process'
    const user = 'https://x-bitbucket-api-token-auth:' + process.env.TOKEN + '@bitbucket.org'
    const git = (...args) => String(execFileSync('git', args, { stdio: 'pipe' }))
    const main = git('ls-remote', user + '/meadow-goods/ledger-core.git', 'refs/heads/main')
    let refused
    try {
      git('-c', 'credential.helper=', '-c', 'core.askPass=true', 'ls-remote', 'https://bitbucket.org/meadow-goods/ledger-core.git')
    } catch (error) {
      refused = String(error.stderr)
    }
    console.log(JSON.stringify([main.split('\\t')[1], refused]))`)
  expect(JSON.parse(said)).toEqual(['refs/heads/main\n', expect.stringContaining('Authentication failed')])
})

test('what it starts is led here whatever it lets it see of the environment', async () => {
  const said = await lead(`
    import { execFile } from 'node:child_process'
    const { PATH, TOKEN } = process.env
    const own = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'core.askPass', GIT_CONFIG_VALUE_0: 'true' }
    const remote = 'https://x-bitbucket-api-token-auth:' + TOKEN + '@bitbucket.org/meadow-goods/ledger-core.git'
    execFile('git', ['ls-remote', remote, 'refs/heads/main'], { env: { PATH, ...own } }, (error, out) => console.log(out))`)
  expect(said).toContain('refs/heads/main')
})

test('it reaches other hosts as ever, or none where that is asked for', async () => {
  const code = `
    import tls from 'node:tls'
    const address = { host: '127.0.0.1', port: 1, servername: 'registry.example' }
    try { tls.connect(address).once('error', (error) => console.log(error.code)) } catch (error) { console.log(error.message) }`
  expect(await lead(code)).toBe('ECONNREFUSED')
  expect(await lead(code, { SIMULATED_BITBUCKET_ONLY: '1' })).toBe('a driven client must not call registry.example')
})

test('it says what is missing', async () => {
  await expect(lead('', { SIMULATED_BITBUCKET: '' })).rejects.toThrow(
    'reroute.mjs: SIMULATED_BITBUCKET must be the address of a simulator, as in http://127.0.0.1:8421',
  )
})
