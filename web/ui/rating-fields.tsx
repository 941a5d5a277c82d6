import { Group, NativeSelect, Text } from '@mantine/core'
import { impactOfNumber, severityOfImpact } from '../../src/domain/impact.ts'
import { SeverityBadge } from './badges.tsx'

const levels = [
  { value: '1', label: 'Low (1)' },
  { value: '2', label: 'Medium (2)' },
  { value: '3', label: 'High (3)' },
]

type RatingFieldsProps = {
  readonly impact: number
  readonly probability: number
  readonly onChange: (rating: { impact: number; probability: number }) => void
}

/** Impact and probability, and the severity that their product gives. */
export function RatingFields({ impact, probability, onChange }: RatingFieldsProps) {
  const severity = severityOfImpact({ impact: impactOfNumber(impact), probability: impactOfNumber(probability) })
  return (
    <Group gap="sm" align="flex-end">
      <NativeSelect
        label="Impact"
        data={levels}
        value={String(impact)}
        onChange={(event) => onChange({ impact: Number(event.currentTarget.value), probability })}
      />
      <NativeSelect
        label="Probability"
        data={levels}
        value={String(probability)}
        onChange={(event) => onChange({ impact, probability: Number(event.currentTarget.value) })}
      />
      <Group gap={6} h={36} align="center" component="output">
        <Text size="sm" c="dimmed">{`${impact} × ${probability} =`}</Text>
        <SeverityBadge severity={severity} />
      </Group>
    </Group>
  )
}
