import type { ClientBase } from 'pg'

/**
 * After a restore nobody knows what was sent since the backup was made. Every waiting operation counts as tried once,
 * so that its next attempt looks for what is there before it makes anything; and what is sent anew is looked for too, by
 * the time that is noted here.
 */
export async function expectEarlierAttempts(client: ClientBase): Promise<void> {
  await client.query(
    `update operation set attempts = 1 where attempts = 0 and state in ('queued', 'waiting', 'failed')`,
  )
  await client.query('update instance set restored_at = now()')
}
