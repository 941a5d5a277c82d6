import { parseArgs } from 'node:util'
import { describe } from './describe.ts'
import { startSimulator } from './simulator.ts'

const usage =
  'usage: npm run simulator -- [--port 0] [--mode 2026|legacy] [--seed 1] [--repositories 6] [--callback URL]'

function readNumber(name: string, text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 0) return value
  console.error(`--${name} must be a whole number, not "${text}"\n${usage}`)
  process.exit(2)
}

const options = {
  port: { type: 'string', default: '0' },
  mode: { type: 'string', default: '2026' },
  seed: { type: 'string', default: '1' },
  repositories: { type: 'string', default: '6' },
  callback: { type: 'string', default: '' },
} as const

function readOptions() {
  try {
    return parseArgs({ options }).values
  } catch (error) {
    console.error(`${error instanceof Error ? error.message.split('. ')[0] : 'The options cannot be read'}\n${usage}`)
    process.exit(2)
  }
}

const values = readOptions()

if (values.mode !== '2026' && values.mode !== 'legacy') {
  console.error(`--mode must be 2026 or legacy, not "${values.mode}"\n${usage}`)
  process.exit(2)
}

const starting = startSimulator({
  port: readNumber('port', values.port),
  mode: values.mode,
  seed: readNumber('seed', values.seed),
  repositories: readNumber('repositories', values.repositories),
  callbackUrl: values.callback,
})

// Listening from the first moment, so that an early end leaves no folder behind. A second signal (a terminal's Ctrl-C
// reaches parent and child alike) must not cut the clean-up short.
let stopping = false
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) return
    stopping = true
    void starting.then(async (simulator) => await simulator.close()).then(() => process.exit(0))
  })
}

const { sim } = await starting
console.log(JSON.stringify(describe(sim)))
