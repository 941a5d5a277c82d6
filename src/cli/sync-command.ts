import { setTimeout as wait } from 'node:timers/promises'
import type { Reading } from '../../contract/delivery/reading.ts'
import { wakeFeeds } from '../store/delivery/feeds.ts'
import { ensureFeeds } from '../usecases/delivery/reading/ensure-feeds.ts'
import { getReading } from '../usecases/delivery/reading/get-reading.ts'
import { type ReadOutcome, readConnection } from '../usecases/delivery/reading/read-connection.ts'
import type { Command, Terminal } from './command.ts'
import { describeReading } from './describe-reading.ts'
import { exitCodes } from './exit-codes.ts'
import { openReading } from './open-reading.ts'
import { jsonHelp } from './option-help.ts'
import { parseOptions, requireWords } from './parse-options.ts'

const usage = 'weir sync [--status] [--organization NAME] [--json]'
const options = {
  status: { type: 'boolean' },
  organization: { type: 'string' },
  json: { type: 'boolean' },
} as const

const lookEveryMs = 1000

/** Reads what is new in all connected repositories, beside a running Weir or without one. */
export const syncCommand: Command = {
  name: 'sync',
  summary: 'read pull requests, pipelines and deployments of the connected repositories',
  usage,
  options: [
    ['--status', 'only say how far it is'],
    ['--organization NAME', 'where this machine has several'],
    ...jsonHelp,
  ],
  run: async (args, terminal) => {
    const { values, positionals } = parseOptions(args, options, usage)
    requireWords(positionals, 0, usage)
    const reading = await openReading(terminal, values.organization)
    const state = { isStopped: false }
    terminal.onStop?.(() => {
      state.isStopped = true
    })
    try {
      const answers: Answer[] = []
      for (const { connectionId, name } of reading.connections) {
        const key = { organizationId: reading.organizationId, connectionId }
        const outcome = values.status === true ? undefined : await read(reading.deps, key, { terminal, state })
        answers.push({ name, outcome, progress: await getReading(reading.deps, key) })
      }
      terminal.showProgress?.('')
      if (values.json === true) terminal.say(JSON.stringify({ connections: answers.map(toJson) }))
      else for (const line of answers.flatMap(toLines)) terminal.say(line)
      if (answers.length === 0 && values.json !== true) terminal.say('No Bitbucket is connected yet.')
      return exitCodes.done
    } finally {
      await reading.close()
    }
  },
}

type Answer = { name: string; outcome: ReadOutcome | undefined; progress: Reading }
type Reader = Awaited<ReturnType<typeof openReading>>['deps']
type Key = { organizationId: string; connectionId: string }
type Watched = { terminal: Terminal; state: { isStopped: boolean } }

async function read(deps: Reader, key: Key, { terminal, state }: Watched): Promise<ReadOutcome> {
  await ensureFeeds(deps, key)
  await wakeFeeds(deps.db, { ...key, now: deps.clock() })
  let pages = 0
  const onPage = (): void => {
    pages += 1
    terminal.showProgress?.(`Reading: ${pages} pages`)
  }
  for (;;) {
    const outcome = await readConnection(deps, { ...key, isOver: () => state.isStopped, onPage })
    // A worker of the running Weir reads already: what it reads is ours too.
    if (outcome.kind !== 'busy' || state.isStopped) return outcome
    const { requests, requests_remaining: left } = await getReading(deps, key)
    terminal.showProgress?.(`Weir is reading: ${requests} requests made, about ${left} to go`)
    await wait(lookEveryMs)
  }
}

function toLines({ name, outcome, progress }: Answer): string[] {
  return [...describeReading(name, progress), ...(outcome?.kind === 'stopped' ? [`Waits: ${outcome.detail}`] : [])]
}

function toJson({ name, outcome, progress }: Answer) {
  const stopped =
    outcome?.kind === 'stopped'
      ? { code: outcome.code, detail: outcome.detail, retry_after_s: outcome.retryAfterS }
      : null
  return { connection: name, outcome: outcome?.kind ?? null, stopped, ...progress }
}
