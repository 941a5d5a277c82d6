import { cpus, release, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { keepHeapModest } from '../src/lib/modest-heap.ts'
import { benchAnalytics } from './analytics.ts'
import { benchCollect } from './collect.ts'
import { benchImport } from './import.ts'
import { benchList } from './list.ts'
import { benchSimulator } from './simulator.ts'
import { benchSync } from './sync.ts'
import { benchWebhook } from './webhook.ts'

type Options = { scale: string; from: string; postgres: string; size: string; 'skip-list': boolean }
type Bench = (say: (line: string) => void, options: Options) => Promise<Readonly<Record<string, unknown>>>

const benches: Readonly<Record<string, Bench>> = {
  webhook: benchWebhook,
  collect: benchCollect,
  analytics: benchAnalytics,
  import: benchImport,
  list: benchList,
  sync: benchSync,
  simulator: benchSimulator,
}

const options = {
  json: { type: 'boolean', default: false },
  /** Of the simulator's workspace. */
  scale: { type: 'string', default: '50x1000' },
  /** One that was generated before. */
  from: { type: 'string', default: '' },
  /** A PostgreSQL server to measure imports and the list on, in a database of its own; left out: the embedded one. */
  postgres: { type: 'string', default: process.env['BENCH_POSTGRES'] ?? '' },
  /** Pull requests of the analytics bench. */
  size: { type: 'string', default: '1000000' },
  /** The import bench without the list of a million, which takes minutes to fill. */
  'skip-list': { type: 'boolean', default: false },
} as const

/** `npm run bench -- NAME [--json]`: says what it measures, then one line of JSON alone. */
async function main(args: readonly string[]): Promise<number> {
  // As every process of Weir does.
  keepHeapModest()
  const { values, positionals: names } = parseArgs({ args: [...args], options, allowPositionals: true })
  const [name = ''] = names
  const bench = benches[name]
  if (bench === undefined || names.length !== 1) {
    process.stderr.write(`Usage: npm run bench -- ${Object.keys(benches).join('|')} [--json]\n`)
    return 2
  }
  const measures = await bench((line) => process.stderr.write(`${line}\n`), values)
  const environment = {
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memory_mb: Math.round(totalmem() / 1024 / 1024),
    system: `${process.platform} ${release()}`,
  }
  if (!values.json)
    for (const [key, value] of Object.entries(measures)) process.stdout.write(`${key.padEnd(26)} ${String(value)}\n`)
  process.stdout.write(`${JSON.stringify({ bench: name, measures, environment })}\n`)
  return 0
}

process.exitCode = await main(process.argv.slice(2))
