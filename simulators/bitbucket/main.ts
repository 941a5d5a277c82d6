import { parseArgs } from 'node:util'
import { describe } from './describe.ts'
import { runGenerate } from './generate/command.ts'
import { WorkspaceFileError } from './generate/workspace-file.ts'
import { startSimulator } from './simulator.ts'

const usage = `A simulated Bitbucket Cloud on loopback. Prints one line of JSON and runs until SIGTERM.

usage: npm run simulator -- [options]
       npm run simulator -- generate --scale 50x1000 --out FILE [--seed N]

  --port N          port to listen on; 0 (usual) takes a free one      --port 8421
  --mode M          2026 (usual): bitbucket.org today; legacy: with issue
                    tracker, app passwords and listings across workspaces
                                                                       --mode legacy
  --seed N          same seed, same UUIDs, tokens and commits          --seed 7
  --repositories N  small repositories beside the four with a history  --repositories 40
  --from FILE       a generated workspace instead of the usual one; has its
                    own seed and repositories                          --from shop.workspace
  --callback URL    where the OAuth consumer sends people back to      --callback http://localhost:8420/callback
  --control         opens /__control: faults, clock, changes, switches, logs
                    (simulators/bitbucket/README.md)                   --control
  --help            this text`

function refuse(problem: string): never {
  console.error(`${problem}\n\n${usage}`)
  process.exit(2)
}

function readNumber(name: string, text: string): number {
  const value = Number(text)
  if (text !== '' && Number.isInteger(value) && value >= 0) return value
  return refuse(`--${name} must be a whole number, not "${text}"`)
}

const options = {
  port: { type: 'string', default: '0' },
  mode: { type: 'string', default: '2026' },
  seed: { type: 'string', default: '1' },
  repositories: { type: 'string', default: '6' },
  from: { type: 'string', default: '' },
  callback: { type: 'string', default: '' },
  control: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

function readOptions() {
  try {
    return parseArgs({ args: given, options }).values
  } catch (error) {
    return refuse(error instanceof Error ? (error.message.split('. ')[0] ?? '') : 'The options cannot be read')
  }
}

// A `--` in front, as npm has it, is no option.
const given = process.argv.slice(2).filter((one) => one !== '--')
if (given[0] === 'generate') process.exit(await runGenerate(given.slice(1)))

const values = readOptions()

if (values.help) {
  console.log(usage)
  process.exit(0)
}

if (values.mode !== '2026' && values.mode !== 'legacy') refuse(`--mode must be 2026 or legacy, not "${values.mode}"`)

if (values.callback !== '' && !URL.canParse(values.callback))
  refuse(`--callback must be an address, not "${values.callback}"`)
const port = readNumber('port', values.port)
if (port > 65_535) refuse(`--port must be at most 65535, not ${port}`)

const starting = startSimulator({
  port,
  mode: values.mode,
  seed: readNumber('seed', values.seed),
  repositories: readNumber('repositories', values.repositories),
  ...(values.from === '' ? {} : { from: values.from }),
  callbackUrl: values.callback,
  control: values.control,
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

const { sim } = await starting.catch((error: unknown) => {
  const isBusy = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  if (!isBusy && !(error instanceof WorkspaceFileError)) throw error
  console.error(isBusy ? `Port ${port} is in use. Choose another, or 0 for a free one.` : error.message)
  return process.exit(1)
})
console.log(JSON.stringify(describe(sim, { withControl: values.control })))
