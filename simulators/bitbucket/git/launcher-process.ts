import { at, isObject, numberAt, stringAt } from '../../shared/json.ts'
import { type GitInput, spawnGit } from './run-git.ts'

/** The small process that `launcher.ts` starts: runs git for its parent, and ends with it. */

function readInput(value: unknown): GitInput {
  const stdin = isObject(value) ? value['stdin'] : undefined
  const environment = Object.entries(at(value, 'environment') ?? {}).map(
    ([name, text]) => [name, String(text)] as const,
  )
  return {
    ...(stdin instanceof Uint8Array || typeof stdin === 'string' ? { stdin } : {}),
    environment: Object.fromEntries(environment),
  }
}

/** What is under way, by the number the parent gave it. */
const running = new Map<number, AbortController>()

async function serve(message: unknown): Promise<void> {
  const id = numberAt(message, 'id') ?? 0
  if (at(message, 'stop') === true) return running.get(id)?.abort()
  const args = at(message, 'args')
  const list = Array.isArray(args) ? args.map(String) : []
  const over = new AbortController()
  running.set(id, over)
  try {
    const input = { ...readInput(at(message, 'input')), signal: over.signal }
    const result = await spawnGit(stringAt(message, 'directory') ?? '', list, input)
    process.send?.({ id, result })
  } catch (error) {
    process.send?.({ id, problem: error instanceof Error ? error.message : String(error) })
  } finally {
    running.delete(id)
  }
}

process.on('message', (message: unknown) => void serve(message))
process.on('disconnect', () => {
  for (const over of running.values()) over.abort()
  process.exit()
})
// Ctrl-C in a terminal reaches the whole group: the parent still needs git to end cleanly, and tells when it is through.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)
