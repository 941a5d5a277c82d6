import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { createMessage } from '../../contract/sync/messages.ts'
import { toSarif } from '../../scripts/demo/reports.ts'
import { type ConnectedWeir, storefront } from './connected-weir.ts'
import { newMark } from './new-mark.ts'

/** What was asked for, and what of it was acknowledged. */
export type Written = { asked: string[]; acknowledged: string[] }
export type Load = {
  deliveries: Written
  messages: Written
  imports: Written
  stop: () => Promise<void>
}

const importAnswer = z.object({ id: z.string() })

/** Writes of every kind, each with a text of its own, until stopped; what is refused or cut off is left. */
export function startLoad(world: ConnectedWeir, vulnerabilityIds: readonly string[]): Load {
  const stopping = new AbortController()
  const load = { deliveries: written(), messages: written(), imports: written() }
  const loop = async (into: Written, pauseMs: number, write: (mark: string, count: number) => Promise<string>) => {
    for (let count = 0; !stopping.signal.aborted; count++) {
      const mark = newMark()
      into.asked.push(mark)
      await write(mark, count).then(
        (name) => into.acknowledged.push(name),
        () => undefined,
      )
      await sleep(pauseMs)
    }
  }
  const deliver = async (mark: string): Promise<string> => {
    if ((await world.deliver({ id: mark, text: mark })) !== 202) throw new Error('not taken in')
    return mark
  }
  const talk = async (mark: string, count: number): Promise<string> => {
    const id = vulnerabilityIds[count % vulnerabilityIds.length] ?? ''
    await world.admin.call(createMessage, { params: { id }, body: { body: `Please look at ${mark}.` } })
    return mark
  }
  const report = async (mark: string): Promise<string> => {
    const place = {
      rule: 'JS-9',
      title: mark,
      cwe: 79,
      severity: 'low',
      path: `src/${mark}.js`,
      line: 3,
      snippet: mark,
    }
    const query = { asset: storefront, file_name: 'part.sarif', scope: 'partial' }
    importAnswer.parse(await world.admin.upload('/api/v1/imports', query, toSarif([place], 'a'.repeat(40))))
    return mark
  }
  const loops = [
    loop(load.deliveries, 1, deliver),
    loop(load.deliveries, 1, deliver),
    loop(load.deliveries, 1, deliver),
    loop(load.messages, 100, talk),
    loop(load.imports, 50, report),
  ]
  return {
    ...load,
    stop: async () => {
      stopping.abort()
      await Promise.all(loops)
    },
  }
}

function written(): Written {
  return { asked: [], acknowledged: [] }
}
