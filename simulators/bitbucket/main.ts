import {
  givenArguments,
  type Refuse,
  readArguments,
  readCallback,
  readNumber,
  readPort,
  refuseWith,
  runUntilSignal,
} from '../shared/command-line.ts'
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
  --public-links    links in answers say bitbucket.org, for a client that
                    knows no other host and is led here                --public-links
  --control         opens /__control: faults, clock, changes, switches, logs
                    (simulators/bitbucket/README.md)                   --control
  --help            this text`

const options = {
  port: { type: 'string', default: '0' },
  mode: { type: 'string', default: '2026' },
  seed: { type: 'string', default: '1' },
  repositories: { type: 'string', default: '6' },
  from: { type: 'string', default: '' },
  callback: { type: 'string', default: '' },
  'public-links': { type: 'boolean', default: false },
  control: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

const publicUrls = { api: 'https://api.bitbucket.org/2.0', web: 'https://bitbucket.org' }

const given = givenArguments()
if (given[0] === 'generate') process.exit(await runGenerate(given.slice(1)))

const refuse: Refuse = refuseWith(usage)
const read = readArguments(given, options)
const values = read.values ?? refuse(read.problem)

if (values.help) {
  console.log(usage)
  process.exit(0)
}

if (values.mode !== '2026' && values.mode !== 'legacy') refuse(`--mode must be 2026 or legacy, not "${values.mode}"`)

const port = readPort(values.port, refuse)
const starting = startSimulator({
  port,
  mode: values.mode,
  seed: readNumber('seed', values.seed, refuse),
  repositories: readNumber('repositories', values.repositories, refuse),
  ...(values.from === '' ? {} : { from: values.from }),
  callbackUrl: values.callback === '' ? '' : readCallback(values.callback, refuse),
  control: values.control,
  ...(values['public-links'] ? { publicUrls } : {}),
})

const { sim, api, web } = await runUntilSignal(starting, {
  port,
  explain: (error) => (error instanceof WorkspaceFileError ? error.message : undefined),
})
// Where it listens, whatever its links say.
const addresses = { api, web, control: values.control ? `${web}/__control` : null }
console.log(JSON.stringify({ ...describe(sim, { withControl: values.control }), ...addresses }))
