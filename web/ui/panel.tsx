import { Box, Group, Paper, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './panel.module.css'

type PanelProps = {
  readonly title?: string
  readonly lead?: ReactNode
  readonly actions?: ReactNode
  readonly flush?: boolean
  readonly children: ReactNode
}

/** A titled surface; `flush` for content, such as a table, that reaches the edges. */
export function Panel({ title, lead, actions, flush = false, children }: PanelProps) {
  return (
    <Paper component="section" className={classes.panel}>
      {title !== undefined && (
        <Group justify="space-between" className={classes.head} data-flush={flush || undefined} gap="sm">
          <Box style={{ flex: '1 1 200px', minWidth: 0 }}>
            <Title order={2}>{title}</Title>
            {lead !== undefined && (
              <Text component="div" size="sm" c="dimmed" mt={2}>
                {lead}
              </Text>
            )}
          </Box>
          {actions !== undefined && <Group gap="xs">{actions}</Group>}
        </Group>
      )}
      <div className={flush ? classes.flush : classes.body}>{children}</div>
    </Paper>
  )
}
