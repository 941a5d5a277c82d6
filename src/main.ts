import { type App, createApp } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { isAppError } from './lib/app-error.ts'
import { createLog } from './lib/log.ts'

/** A stop that takes longer is cut off: whoever asked for it would kill us soon anyway. */
const stopWithinMs = 9_500

async function main(): Promise<void> {
  const config = readConfig()
  const log = createLog({ level: config.logLevel })
  const showSetupToken = (token: string): void => {
    process.stdout.write(`Weir is empty. ${describeSetup(app.publicUrl, token)}`)
  }
  const app: App = await createApp(config, { log, showSetupToken })
  const stop = (signal: string): void => {
    log.info({ signal }, 'stopping')
    setTimeout(() => {
      log.error('stopping took too long')
      process.exit(1)
    }, stopWithinMs).unref()
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'stopping failed')
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'a promise failed and nobody listened'))
  process.stdout.write(describeStart(config, app))
}

/** What a person at the terminal needs to know: the address, and on the first start the way in. */
function describeStart(config: Config, app: App): string {
  const lines: string[] = []
  if (app.secretKeyMadeAt !== undefined)
    lines.push(`A secret key was made: ${app.secretKeyMadeAt}. Keep a copy; backups do not hold it.`)
  if (app.listeningUrl !== undefined) lines.push(`Weir is running at ${app.publicUrl}`)
  if (app.listeningUrl !== undefined && app.setupToken !== undefined)
    lines.push(describeSetup(app.publicUrl, app.setupToken).trimEnd())
  if (app.listeningUrl === undefined) lines.push(`Weir is working as ${config.roles.join(' and ')}.`)
  return `${lines.join('\n')}\n`
}

function describeSetup(publicUrl: string, token: string): string {
  return `Set it up at ${publicUrl}/setup#${token}\nSetup token: ${token} (works once; the next start prints a new one until Weir is set up)\n`
}

main().catch((error: unknown) => {
  const isForeseen = isAppError(error)
  process.stderr.write(
    `${isForeseen ? error.detail : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  process.exit(isForeseen && error.code === 'config_invalid' ? 2 : 1)
})
