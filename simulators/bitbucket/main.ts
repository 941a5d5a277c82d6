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

const usage = `A simulated Bitbucket Cloud on loopback. Prints one line of JSON and runs until
SIGTERM or Ctrl-C.

usage: npm run simulator -- [options]
       npm run simulator -- generate --scale RxP --out FILE [--seed N]
       (more by: npm run simulator -- generate --help)

  --port N          port to listen on; 0 (usual) takes a free one
  --mode M          2026 (usual): bitbucket.org today; legacy: with issue
                    tracker, app passwords and listings across workspaces
  --seed N          same seed, same UUIDs, tokens and commits; 1 is usual
  --repositories N  small repositories beside the four with a history; 6
  --from FILE       a workspace made by generate instead of the usual one;
                    neither --seed nor --repositories go with it
  --callback URL    where the OAuth consumer sends people back to
  --public-links    links in answers say bitbucket.org, for a client that
                    knows no other host and is led here
  --control         opens /__control: faults, clock, changes, switches, logs
  --help            this text

  npm run simulator -- --port 8421 --mode legacy --seed 7 --repositories 40
  npm run simulator -- --from shop.workspace --control
  npm run simulator -- --callback http://localhost:8420/oauth/bitbucket/callback

Everything else: simulators/bitbucket/README.md`

const options = {
  port: { type: 'string', default: '0' },
  mode: { type: 'string', default: '2026' },
  seed: { type: 'string' },
  repositories: { type: 'string' },
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

for (const name of ['seed', 'repositories'] as const)
  if (values.from !== '' && values[name] !== undefined)
    refuse(`--${name} does not go with --from: the file has its own`)

const port = readPort(values.port, refuse)
const starting = startSimulator({
  port,
  mode: values.mode,
  seed: readNumber('seed', values.seed ?? '1', refuse),
  repositories: readNumber('repositories', values.repositories ?? '6', refuse),
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
