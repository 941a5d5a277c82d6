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

const usage = `A simulated Jira Cloud site on loopback. Prints one line of JSON and runs until SIGTERM.

usage: npm run simulator:jira -- [options]

  --port N        port to listen on; 0 (usual) takes a free one       --port 8422
  --seed N        same seed, same ids and tokens                      --seed 7
  --callback URL  where the OAuth app may send people back to; may be
                  given more than once                                --callback http://localhost:8420/callback
  --control       opens /__control: faults, switches, credentials, logs
                  (simulators/jira/README.md)                         --control
  --help          this text`

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
