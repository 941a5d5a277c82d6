import { createHmac, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'

/** A signed delivery, ready to send. */
export type Message = { body: Buffer; headers: Record<string, string> }

/** About what a comment on a pull request weighs. */
const bodyBytes = 8000

/** Deliveries with a body of their own each, signed beforehand so that signing costs the measured servers nothing. */
export function makeMessages(count: number, secret: string): Message[] {
  return Array.from({ length: count }, () => {
    const id = randomUUID()
    const payload = {
      actor: { uuid: `{${id}}`, display_name: 'Mira Lund' },
      repository: { uuid: '{00000000-0000-4000-8000-00000000beef}', full_name: 'harbour/nobody-follows-this' },
      pullrequest: { id: 14, title: 'Smooth the readings', description: '' },
    }
    payload.pullrequest.description = 'x'.repeat(bodyBytes - JSON.stringify(payload).length)
    const body = Buffer.from(JSON.stringify(payload))
    return {
      body,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Bitbucket-Webhooks/2.0',
        'x-event-key': 'pullrequest:updated',
        'x-request-uuid': id,
        'x-attempt-number': '1',
        'x-hub-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      },
    }
  })
}

type Target = { url: string; connections: number }

async function send(pool: Pool, path: string, message: Message): Promise<boolean> {
  const answer = await pool.request({ method: 'POST', path, ...message })
  await answer.body.dump()
  return answer.statusCode === 202
}

async function withPool<Result>(target: Target, work: (pool: Pool, path: string) => Promise<Result>): Promise<Result> {
  const { origin, pathname } = new URL(target.url)
  const pool = new Pool(origin, { connections: target.connections, pipelining: 1 })
  try {
    return await work(pool, pathname)
  } finally {
    await pool.destroy()
  }
}

/** As fast as the server answers, over so many connections. */
export async function sendAll(
  target: Target,
  messages: readonly Message[],
): Promise<{ accepted: number; perS: number }> {
  return withPool(target, async (pool, path) => {
    let [next, accepted] = [0, 0]
    const startedMs = performance.now()
    const sender = async (): Promise<void> => {
      for (let message = messages[next++]; message !== undefined; message = messages[next++])
        if (await send(pool, path, message)) accepted += 1
    }
    await Promise.all(Array.from({ length: target.connections }, sender))
    return { accepted, perS: (accepted * 1000) / (performance.now() - startedMs) }
  })
}

/** At a fixed rate whatever the server does. Latencies count from when a request was due, so a stall is not hidden. */
export async function sendAtRate(
  target: Target & { perS: number },
  messages: readonly Message[],
): Promise<{ accepted: number; latenciesMs: number[] }> {
  return withPool(target, async (pool, path) => {
    const startMs = performance.now()
    let accepted = 0
    const latenciesMs: number[] = []
    const under = messages.map(async (message, index) => {
      const dueMs = startMs + (index * 1000) / target.perS
      await sleep(Math.max(0, dueMs - performance.now()))
      if (await send(pool, path, message)) accepted += 1
      latenciesMs.push(performance.now() - dueMs)
    })
    await Promise.all(under)
    return { accepted, latenciesMs }
  })
}
