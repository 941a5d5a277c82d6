import { List, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { weekPreviewQuery } from '../../../api/weekly-digest.ts'
import { ExternalLink } from '../../../ui/links.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'

/** What a message about the last full week would say now. */
export function WeekPreview() {
  const preview = useQuery(weekPreviewQuery)
  if (preview.isPending) return <LoadingRows rows={8} height={20} />
  if (preview.isError) return <ProblemNote error={preview.error} onRetry={() => void preview.refetch()} />
  const { title, parts } = preview.data
  if (title === null)
    return (
      <EmptyState
        icon="bell"
        title="Nothing to say about the last week"
        text="No message would be sent. Connect Bitbucket under Integrations and have its history read, or import a report."
      />
    )
  return (
    <Stack gap="sm" component="section" aria-label="Preview">
      <Text fw={600} className="break">
        {title}
      </Text>
      {parts.map(({ head, lines, links }) => (
        <div key={head}>
          <Title order={3} size="h6">
            {head}
          </Title>
          <List size="sm" listStyleType="none">
            {lines.map((line) => (
              <List.Item key={line} className="break">
                {line}
              </List.Item>
            ))}
            {links.map(({ words, url }) => (
              <List.Item key={words} className="break">
                <ExternalLink href={url ?? ''}>{words}</ExternalLink>
              </List.Item>
            ))}
          </List>
        </div>
      ))}
    </Stack>
  )
}
