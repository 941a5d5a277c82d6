import { type App, createApp } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { explainFailure } from './explain-failure.ts'
import { isAppError } from './lib/app-error.ts'
import { createLog, type Log } from './lib/log.ts'
import { keepHeapModest } from './lib/modest-heap.ts'
import { findUnreachable } from './usecases/remotes/remote-settings.ts'

/** A stop that takes longer is cut off: whoever asked for it would kill us soon anyway. */
const stopWithinMs = 9_500
/** A start that is broken off ends the making of its PostgreSQL first. */
const breakOffWithinMs = 25_000
const sameWishMs = 1000

async function main(): Promise<void> {
  keepHeapModest()
  const config = readConfig()
  const log = createLog({ level: config.logLevel })
  const showSetupToken = (token: string): void => {
    process.stdout.write(`Weir is empty. ${describeSetup(app.publicUrl, token)}`)
  }
  const breakOff = new AbortController()
  const starting = createApp(config, { log, showSetupToken, stop: breakOff.signal })
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'a promise failed and nobody listened'))
  // From the first moment: a start that is broken off must not leave its PostgreSQL running.
  let isStarted = false
  const withinMs = (): number => (isStarted ? stopWithinMs : breakOffWithinMs)
  stopOnSignals({ log, withinMs }, async () => {
    breakOff.abort()
    const started = await starting.catch((error: unknown) => {
      // Broken off, and closed by itself.
      if (error !== breakOff.signal.reason) throw error
    })
    await started?.close()
  })
  const app: App = await starting
  isStarted = true
  if (!breakOff.signal.aborted) process.stdout.write(describeStart(config, app))
}

/** Stops once, however often it is asked to: Ctrl+C in a terminal comes twice, from it and from the process above us. */
function stopOnSignals({ log, withinMs }: { log: Log; withinMs: () => number }, close: () => Promise<void>): void {
  let askedAtMs: number | undefined
  const stop = (signal: string): void => {
    if (askedAtMs !== undefined) {
      if (performance.now() - askedAtMs > sameWishMs)
        process.stderr.write('Weir is stopping already; it takes ten seconds at most.\n')
      return
    }
    askedAtMs = performance.now()
    log.info({ signal }, 'stopping')
    setTimeout(() => {
      log.error('stopping took too long')
      process.exit(1)
    }, withinMs()).unref()
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'stopping failed')
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
}

/** What a person at the terminal needs to know: the address, and on the first start the way in. */
function describeStart(config: Config, app: App): string {
  const lines: string[] = []
  if (app.secretKeyMadeAt !== undefined)
    lines.push(`A secret key was made: ${app.secretKeyMadeAt}. Keep a copy; backups do not hold it.`)
  if (app.listeningUrl !== undefined) lines.push(`Weir is running at ${app.publicUrl}`)
  const unreachable = findUnreachable(app, config.bitbucketApiUrl)
  if (unreachable !== null) lines.push(unreachable)
  if (app.listeningUrl !== undefined && app.setupToken !== undefined)
    lines.push(describeSetup(app.publicUrl, app.setupToken).trimEnd())
  if (app.listeningUrl === undefined) lines.push(`Weir is working as ${config.roles.join(' and ')}.`)
  return `${lines.join('\n')}\n`
}

function describeSetup(publicUrl: string, token: string): string {
  return `Set it up at ${publicUrl}/setup#${token}\nSetup token: ${token} (works once; the next start prints a new one until Weir is set up)\n`
}

main().catch((error: unknown) => {
  // A start that was broken off ends by the stop that asked for it.
  if (error instanceof Error && error.name === 'AbortError') return
  const why = explainFailure(error) ?? (error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.stderr.write(`${why}\n`)
  process.exit(isAppError(error, 'config_invalid') ? 2 : 1)
})
