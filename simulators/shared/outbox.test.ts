import { expect, test } from 'vitest'
import { Clock } from './clock.ts'
import type { WebhookAction } from './fault-plan.ts'
import { createOutbox, dispatch, flushOutbox } from './outbox.ts'

const never = new AbortController().signal

/** An outbox whose deliveries arrive when they are let. */
function openOutbox() {
  const outbox = createOutbox(new Clock(Date.now), never)
  const sent: string[] = []
  const arrivals: Record<string, () => void> = {}
  const send = (name: string, kind?: WebhookAction['kind']) => {
    const action: WebhookAction | undefined =
      kind === undefined ? undefined : kind === 'delay' ? { kind, ms: 1 } : { kind }
    const arrival = new Promise<void>((resolve) => (arrivals[name] = resolve))
    dispatch(outbox, {
      hookId: 'hook',
      delivery: { state: 'pending' },
      action,
      send: async () => {
        sent.push(`${name} goes`)
        await arrival
        sent.push(`${name} comes`)
      },
    })
  }
  const arrive = async (name: string) => {
    arrivals[name]?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { outbox, sent, send, arrive }
}

test('what is held waits for a later one, not for one that was on its way before', async () => {
  const { outbox, sent, send, arrive } = openOutbox()
  send('before')
  send('held', 'hold')
  await arrive('before')
  expect(sent).toEqual(['before goes', 'before comes'])
  send('after')
  await arrive('after')
  expect(sent.slice(2)).toEqual(['after goes', 'after comes', 'held goes'])
  await arrive('held')
  await flushOutbox(outbox)
  expect(sent.at(-1)).toBe('held comes')
})

test('a duplicate goes when the first has come', async () => {
  const { outbox, sent, send, arrive } = openOutbox()
  send('twice', 'duplicate')
  expect(sent).toEqual(['twice goes'])
  await arrive('twice')
  await flushOutbox(outbox)
  expect(sent).toEqual(['twice goes', 'twice comes', 'twice goes', 'twice comes'])
})
