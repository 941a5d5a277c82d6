import { parseArgs } from 'node:util'
import { killLeftProcesses } from '../processes/weir-process.ts'
import { runChaos } from './run-chaos.ts'

const usage = `Plays a random run of people on both sides while everything goes wrong, then compares.

usage: npm run chaos -- [--seed N] [--minutes M] [--operations K]

  --seed N        repeats schedule, faults and kills; 1 is usual
  --minutes M     ends after so long; 3 is usual, or 120 with --operations
  --operations K  ends after so many
`

const options = {
  seed: { type: 'string', default: '1' },
  minutes: { type: 'string' },
  operations: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

/** Progress and differences go to standard error, the result as one line of JSON to standard output. */
async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options })
  const seed = Number(values.seed)
  const operations = Number(values.operations ?? Number.POSITIVE_INFINITY)
  const minutes = Number(values.minutes ?? (values.operations === undefined ? 3 : 120))
  const isGiven = Number.isSafeInteger(seed) && operations > 0 && minutes > 0
  if (values.help || !isGiven) {
    process.stderr.write(usage)
    return values.help ? 0 : 2
  }
  const say = (line: string): void =>
    void process.stderr.write(`${(performance.now() / 1000).toFixed(1).padStart(7)} ${line}\n`)
  const { differences, ...result } = await runChaos({ seed, operations, minutes, say })
  for (const { kind, what } of differences) say(`${kind}: ${what}`)
  process.stdout.write(`${JSON.stringify(result)}\n`)
  return result.seconds_to_agreement === null ? 1 : 0
}

try {
  process.exitCode = await main(process.argv.slice(2))
} finally {
  await killLeftProcesses()
}
