import { type ParseArgsConfig, parseArgs } from 'node:util'

/** What was called; a `--` in front, as npm has it, is no option. */
export function givenArguments(): string[] {
  return process.argv.slice(2).filter((one) => one !== '--')
}

/** What the options say, or why they cannot be read. */
export function readArguments<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: string[],
  options: Options,
) {
  try {
    return { values: parseArgs({ args, options }).values }
  } catch (error) {
    // Of Node's text the first sentence; the others are about options that look like values.
    return { problem: error instanceof Error ? (error.message.split('. ')[0] ?? '') : 'The options cannot be read' }
  }
}

/** Says what is wrong and what would be right, and ends the process. */
export type Refuse = (problem: string) => never

export function refuseWith(usage: string): Refuse {
  return (problem) => {
    process.stderr.write(`${problem}\n\n${usage}\n`)
    process.exit(2)
  }
}

export function readNumber(name: string, text: string, refuse: Refuse): number {
  const value = Number(text)
  if (text !== '' && Number.isInteger(value) && value >= 0) return value
  return refuse(`--${name} must be a whole number, not "${text}"`)
}

export function readPort(text: string, refuse: Refuse): number {
  const port = readNumber('port', text, refuse)
  return port > 65_535 ? refuse(`--port must be at most 65535, not ${port}`) : port
}

export function readCallback(text: string, refuse: Refuse): string {
  return URL.canParse(text) ? text : refuse(`--callback must be an address, not "${text}"`)
}

interface Running {
  close: () => Promise<void>
}

/**
 * Listens for the end from the first moment, so that an early one leaves nothing behind. A second signal (a terminal's
 * Ctrl-C reaches parent and child alike) must not cut the clean-up short.
 */
function closeOnSignal(starting: Promise<Running>): void {
  let stopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) return
      stopping = true
      void starting.then(async (simulator) => await simulator.close()).then(() => process.exit(0))
    })
  }
}

/** Waits for a simulator and ends it with the process; a port in use, and what `explain` knows, is said without a trace. */
export async function runUntilSignal<Simulator extends Running>(
  starting: Promise<Simulator>,
  { port, explain = () => undefined }: { port: number; explain?: (error: unknown) => string | undefined },
): Promise<Simulator> {
  closeOnSignal(starting)
  return await starting.catch((error: unknown) => {
    const isBusy = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    const said = isBusy ? `Port ${port} is in use. Choose another, or 0 for a free one.` : explain(error)
    if (said === undefined) throw error
    process.stderr.write(`${said}\n`)
    return process.exit(1)
  })
}
