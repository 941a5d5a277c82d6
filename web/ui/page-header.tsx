import { Box, Group, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'

type PageHeaderProps = {
  readonly title: string
  /** Title of the browser's tab, where it says more than the heading. */
  readonly tabTitle?: string
  readonly above?: ReactNode
  readonly lead?: ReactNode
  readonly actions?: ReactNode
}

export function PageHeader({ title, tabTitle, above, lead, actions }: PageHeaderProps) {
  useDocumentTitle(`${tabTitle ?? title} · Weir`)
  return (
    <Group justify="space-between" align="flex-start" gap="md" mb="lg" wrap="wrap">
      {/* Names of assets and branches can be one long word: all of the head breaks rather than widens the page. */}
      <Box className="break" style={{ minWidth: 0, flex: '1 1 280px' }}>
        {above}
        <Title order={1}>{title}</Title>
        {lead !== undefined && (
          <Text component="div" c="dimmed" mt={4} maw={720}>
            {lead}
          </Text>
        )}
      </Box>
      {actions !== undefined && <Group gap="xs">{actions}</Group>}
    </Group>
  )
}
