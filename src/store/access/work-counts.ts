import type { Db } from '../db.ts'

type StateCount = { state: string; count: number }

/** Open work of the whole installation, for its operator: the one count that spans organizations, and it names none. */
export async function countWork(db: Db): Promise<{ operations: StateCount[]; deliveries: StateCount[] }> {
  const operations = await db
    .selectFrom('operation')
    .select((select) => ['state', select.fn.countAll<number>().as('count')])
    .where('state', 'in', ['queued', 'waiting', 'failed'])
    .groupBy('state')
    .execute()
  const deliveries = await db
    .selectFrom('delivery')
    .select((select) => ['state', select.fn.countAll<number>().as('count')])
    .where('state', 'in', ['received', 'failed'])
    .groupBy('state')
    .execute()
  return { operations, deliveries }
}
