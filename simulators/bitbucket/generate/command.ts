import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { type GenerateOptions, generateWorkspace } from './generate-workspace.ts'

const usage = `Invents a workspace with years of history and writes it to a file for --from.

usage: npm run simulator -- generate --scale RxP --out FILE [--seed N]

  --scale RxP  repositories (1 to 9999), and pull requests of each (1 to 999999)
  --out FILE   the file to write, in a folder that exists; one that is there
               is replaced
  --seed N     same seed, same file; 1 is usual
  --help       this text

  npm run simulator -- generate --scale 50x1000 --out shop.workspace --seed 7`

const options = {
  scale: { type: 'string', default: '' },
  out: { type: 'string', default: '' },
  seed: { type: 'string', default: '1' },
  help: { type: 'boolean', default: false },
} as const

function readOptions(args: string[]): GenerateOptions | string {
  try {
    const { values } = parseArgs({ args, options })
    const [, repositories, pullRequests] = /^([1-9]\d{0,3})x([1-9]\d{0,5})$/.exec(values.scale) ?? []
    if (values.help) return ''
    if (repositories === undefined) return `--scale must be like 50x1000, not "${values.scale}"`
    if (values.out === '') return '--out must name the file to write'
    if (!existsSync(dirname(values.out))) return `--out: there is no folder ${dirname(values.out)}`
    if (!/^\d{1,9}$/.test(values.seed)) return `--seed must be a whole number, not "${values.seed}"`
    return {
      repositories: Number(repositories),
      pullRequests: Number(pullRequests),
      seed: Number(values.seed),
      out: values.out,
    }
  } catch (error) {
    return error instanceof Error ? (error.message.split('. ')[0] ?? '') : 'The options cannot be read'
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** `generate …` of the command line; answers the exit code. */
export async function runGenerate(args: string[]): Promise<number> {
  const read = readOptions(args)
  if (read === '') {
    process.stdout.write(`${usage}\n`)
    return 0
  }
  if (typeof read === 'string') {
    say(`${read}\n\n${usage}`)
    return 2
  }
  const stopping = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort())
  try {
    await generateWorkspace({ ...read, say, signal: stopping.signal })
  } catch (error) {
    if (!stopping.signal.aborted) throw error
    say('stopped; nothing was written')
    return 130
  }
  process.stdout.write(
    `${JSON.stringify({ out: read.out, scale: `${read.repositories}x${read.pullRequests}`, seed: read.seed })}\n`,
  )
  return 0
}
