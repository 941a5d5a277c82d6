import { Box, Skeleton, Stack, Title, VisuallyHidden } from '@mantine/core'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { ButtonLink } from '../ui/links.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { Panel } from '../ui/panel.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../ui/states.tsx'

export function PagePending() {
  return (
    <Stack>
      <Title order={1}>
        <VisuallyHidden>Loading</VisuallyHidden>
        <Skeleton component="span" display="block" height={30} width={260} />
      </Title>
      <Panel flush>
        <LoadingRows rows={8} />
      </Panel>
    </Stack>
  )
}

export function PageFailure({ error, reset }: ErrorComponentProps) {
  return (
    <Box p="md">
      <PageHeader title="This page could not be shown" />
      <ProblemNote error={error} onRetry={reset} />
    </Box>
  )
}

export function PageMissing() {
  return (
    <Box component="main" p="md">
      <PageHeader title="Nothing at this address" />
      <Panel>
        <EmptyState
          icon="search"
          title="This page does not exist"
          text="The address may be mistyped, or what it showed was removed."
          action={<ButtonLink to="/">Go to the overview</ButtonLink>}
        />
      </Panel>
    </Box>
  )
}

/** In place of the whole application, when even the session could not be asked for. */
export function AppFailure(props: ErrorComponentProps) {
  return (
    <main>
      <PageFailure {...props} />
    </main>
  )
}
