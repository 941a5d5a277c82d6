import { Group, Stack, Text } from '@mantine/core'
import type { RouteResponse } from '../../../api/route-types.ts'
import { SeverityBadge } from '../../../ui/badges.tsx'
import { count } from '../../../ui/words.ts'

export function DryRunResult({ result }: { readonly result: RouteResponse<'tryPolicy'> }) {
  const { matching, already_sent, would_send, examples } = result
  return (
    <Stack gap={6} aria-live="polite">
      <Text fw={600}>{`Would send ${count(would_send, 'vulnerability', 'vulnerabilities')} now`}</Text>
      <Text
        size="sm"
        c="dimmed"
      >{`${matching.toLocaleString()} open ones match, ${already_sent.toLocaleString()} of them are sent already. Nothing was sent by this try.`}</Text>
      {examples.map((item) => (
        <Group key={item.id} gap={8} wrap="nowrap">
          <SeverityBadge severity={item.severity} />
          <Text size="sm" truncate>{`#${item.number} ${item.title}`}</Text>
          <Text size="xs" c="dimmed" className="nowrap">
            {item.asset.key}
          </Text>
        </Group>
      ))}
      {examples.length < would_send && examples.length > 0 && (
        <Text size="xs" c="dimmed">{`and ${(would_send - examples.length).toLocaleString()} more`}</Text>
      )}
    </Stack>
  )
}
