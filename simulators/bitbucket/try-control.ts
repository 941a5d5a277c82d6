import type { Simulator } from './simulator.ts'
import { asker, type Reply } from './try-api.ts'

export interface Control {
  (method: string, path: string, body?: unknown): Promise<Reply>
}

/** Calls the control interface of a simulator, for tests; a refusal is an error unless it is what was wanted. */
export function controlOf(simulator: Simulator, wanted = 200): Control {
  const ask = asker(simulator, undefined)
  return async (method, path, body) => {
    const reply = await ask(method, `${simulator.control}${path}`, body)
    if (reply.status !== wanted) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`)
    return reply
  }
}
