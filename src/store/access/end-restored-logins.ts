import type { ClientBase } from 'pg'

/**
 * Ends every login and invitation that a backup brought back: some were ended since, by a logout, a new password or an
 * administrator, and an invitation is made again in a moment.
 * API tokens revoked since live again as well, but pipelines depend on the others: they go only when asked for. Answers
 * how many tokens can be used now.
 */
export async function endRestoredLogins(
  client: ClientBase,
  { areTokensRevoked }: { areTokensRevoked: boolean },
): Promise<number> {
  await client.query('delete from auth_session')
  await client.query('delete from auth_verification')
  await client.query('update invitation set revoked_at = now() where revoked_at is null and accepted_at is null')
  if (areTokensRevoked) await client.query('update api_token set revoked_at = now() where revoked_at is null')
  const left = await client.query<{ count: number }>(
    'select count(*)::int as count from api_token where revoked_at is null and expires_at > now()',
  )
  return left.rows[0]?.count ?? 0
}
