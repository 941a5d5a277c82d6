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
import { startSimulator } from './simulator.ts'

const usage = `A simulated Jira Cloud site on loopback. Prints one line of JSON and runs until
SIGTERM or Ctrl-C.

usage: npm run simulator:jira -- [options]

  --port N        port to listen on; 0 (usual) takes a free one
  --seed N        same seed, same ids and tokens; 1 is usual
  --callback URL  where the OAuth app may send people back to; may be given
                  more than once
  --control       opens /__control: faults, switches, credentials, logs
  --help          this text

  npm run simulator:jira -- --port 8422 --seed 7 --control
  npm run simulator:jira -- --callback http://localhost:8420/callback

Everything else: simulators/jira/README.md`

const refuse: Refuse = refuseWith(usage)
const read = readArguments(givenArguments(), {
  port: { type: 'string', default: '0' },
  seed: { type: 'string', default: '1' },
  callback: { type: 'string', multiple: true, default: [] },
  control: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
})
const values = read.values ?? refuse(read.problem)

if (values.help) {
  console.log(usage)
  process.exit(0)
}

const port = readPort(values.port, refuse)
const starting = startSimulator({
  port,
  seed: readNumber('seed', values.seed, refuse),
  callbackUrls: values.callback.map((one) => readCallback(one, refuse)),
  control: values.control,
})

const { sim } = await runUntilSignal(starting, { port })
console.log(JSON.stringify({ ...describe(sim), control: values.control ? `${sim.url}/__control` : null }))
