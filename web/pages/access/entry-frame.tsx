import { Box, Paper, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { LogoMark } from '../../shell/logo.tsx'
import { ThemeMenu } from '../../shell/theme-menu.tsx'
import classes from './entry-frame.module.css'

type EntryFrameProps = { readonly title: string; readonly lead?: ReactNode; readonly children: ReactNode }

/** The pages before the login: one card on the river. */
export function EntryFrame({ title, lead, children }: EntryFrameProps) {
  useDocumentTitle(`${title} · Weir`)
  return (
    <Box className={classes.page}>
      <div className={classes.corner}>
        <ThemeMenu />
      </div>
      <main className={classes.column}>
        <Stack gap={6} align="center" mb="lg">
          <LogoMark size={46} />
          <Title order={1} ta="center">
            {title}
          </Title>
          {lead !== undefined && (
            <Text component="div" c="dimmed" ta="center">
              {lead}
            </Text>
          )}
        </Stack>
        <Paper className={classes.card} p="xl" radius="lg">
          {children}
        </Paper>
      </main>
    </Box>
  )
}
