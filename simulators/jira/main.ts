import { parseArgs } from 'node:util'
import { describe } from './describe.ts'
import { startSimulator } from './simulator.ts'

const usage = `A simulated Jira Cloud site on loopback, for trying things out. Prints one line of JSON and runs until SIGTERM.

usage: node bin/run.mjs simulators/jira/main.ts -- [--port 0] [--seed 1] [--callback URL]... [--control]

  --port      port to listen on; 0 takes a free one
  --seed      the same seed gives the same ids and tokens
  --callback  address the OAuth app may send people back to; may be repeated
  --control   opens /__control: faults, switches, credentials, logs (see README.md)
  --help      this text`

function refuse(problem: string): never {
  console.error(`${problem}\n\n${usage}`)
  process.exit(2)
}

function readNumber(name: string, text: string): number {
  const value = Number(text)
  if (text !== '' && Number.isInteger(value) && value >= 0) return value
  return refuse(`--${name} must be a whole number, not "${text}"`)
}

function readOptions() {
  try {
    return parseArgs({
      // A `--` in front, as npm has it, is no option.
      args: process.argv.slice(2).filter((one) => one !== '--'),
      options: {
        port: { type: 'string', default: '0' },
        seed: { type: 'string', default: '1' },
        callback: { type: 'string', multiple: true, default: [] },
        control: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
}

const values = readOptions()
if (values.help) {
  console.log(usage)
  process.exit(0)
}

const starting = startSimulator({
  port: readNumber('port', values.port),
  seed: readNumber('seed', values.seed),
  callbackUrls: values.callback,
  control: values.control,
})

let stopping = false
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) return
    stopping = true
    void starting.then(async (simulator) => await simulator.close()).then(() => process.exit(0))
  })
}

const { sim } = await starting
console.log(JSON.stringify({ ...describe(sim), control: values.control ? `${sim.url}/__control` : null }))
