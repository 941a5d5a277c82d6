import { List, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Connection } from '../../../../contract/remotes/connections.ts'
import { followedQuery } from '../../../api/connections.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { AnchorLink } from '../../../ui/links.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { count } from '../../../ui/words.ts'

const dayMs = 86_400_000
/** Days before its end from which a credential is worth a line; the first warning comes then, too. */
const endsSoonDays = 30

/** All that needs somebody, at a glance: each is explained further down the page, or behind its link. */
export function ConnectionTroubles({ connection }: { readonly connection: Connection }) {
  const { data } = useQuery({ ...followedQuery(connection.id), enabled: connection.kind === 'bitbucket' })
  const troubles = [
    ...listFailed(connection),
    ...(data === undefined ? [] : listLost(data.counts)),
    ...listEnding(connection),
  ]
  if (troubles.length === 0)
    return connection.state === 'active' ? (
      <Text size="sm" c="dimmed">
        Nothing here needs you.
      </Text>
    ) : null
  return (
    <List size="sm" spacing={2} aria-label="What needs you">
      {troubles.map(({ key, text }) => (
        <List.Item key={key} className="break">
          {text}
        </List.Item>
      ))}
    </List>
  )
}

type Trouble = { key: string; text: ReactNode }

function listFailed({ id, operations_failed: out, deliveries_failed: back }: Connection): Trouble[] {
  if (out + back === 0) return []
  const parts = [out > 0 && `${count(out, 'change')} out`, back > 0 && `${count(back, 'webhook')} in`]
  const text = (
    <AnchorLink to="/integrations/deliveries" search={{ state: ['failed'], connection_id: [id] }} size="sm">
      {`${parts.filter((part) => part !== false).join(' and ')} failed for good`}
    </AnchorLink>
  )
  return [{ key: 'failed', text }]
}

function listLost({ gone, forbidden, moved, no_webhook: deaf }: RouteResponse<'listFollowedRepositories'>['counts']) {
  const all: [string, number, string][] = [
    ['gone', gone, 'gone from Bitbucket'],
    ['forbidden', forbidden, 'closed to the account'],
    ['moved', moved, 'in another workspace now'],
    ['deaf', deaf, 'without a webhook that works'],
  ]
  return all.flatMap(([key, amount, words]): Trouble[] =>
    amount === 0 ? [] : [{ key, text: `${count(amount, 'repository', 'repositories')} ${words}` }],
  )
}

function listEnding({ expires_at: at, auth_kind: kind }: Connection): Trouble[] {
  if (at === null || kind === 'oauth' || Date.parse(at) - Date.now() > endsSoonDays * dayMs) return []
  const text = (
    <>
      {'The credential ends '}
      <TimeAgo at={at} />
    </>
  )
  return [{ key: 'ending', text }]
}
