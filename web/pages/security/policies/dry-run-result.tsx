import { Group, Stack, Text } from '@mantine/core'
import { severities } from '../../../../src/domain/severity.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { SeverityBadge } from '../../../ui/badges.tsx'
import { count } from '../../../ui/words.ts'

type DryRunProps = { readonly result: RouteResponse<'tryPolicy'>; readonly maxPerRun: number }

export function DryRunResult({ result, maxPerRun }: DryRunProps) {
  const { matching, already_sent, would_send, by_severity, examples } = result
  return (
    <Stack gap={6} aria-live="polite">
      <Text fw={600}>{`Would send ${count(would_send, 'vulnerability', 'vulnerabilities')} now`}</Text>
      <Text
        size="sm"
        c="dimmed"
      >{`${matching.toLocaleString()} open ones match, ${already_sent.toLocaleString()} of them are sent already. Nothing was sent by this try.`}</Text>
      <Group gap={12}>
        {severities.map((severity) => {
          const amount = by_severity[severity] ?? 0
          if (amount === 0) return null
          return (
            <Group key={severity} gap={6} wrap="nowrap">
              <SeverityBadge severity={severity} />
              <span className="tabular">{amount.toLocaleString()}</span>
            </Group>
          )
        })}
      </Group>
      {would_send > maxPerRun && (
        <Text size="sm">{`One import would send ${maxPerRun.toLocaleString()} of so many, and hold the rest back.`}</Text>
      )}
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
