import { Box, Button, Code, Group, Skeleton, Stack, Text, Title, VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import { toProblem } from '../api/api-problem.ts'
import { CopyButton } from './copy-button.tsx'
import { Icon, type IconName } from './icon.tsx'
import classes from './states.module.css'

type EmptyProps = {
  readonly icon: IconName
  readonly title: string
  readonly text: ReactNode
  readonly action?: ReactNode
}

/** Nothing here: says why, and what to do next. */
export function EmptyState({ icon, title, text, action }: EmptyProps) {
  return (
    <Stack align="center" gap="xs" className={classes.empty}>
      <span className={classes.emptyIcon}>
        <Icon name={icon} size={26} />
      </span>
      <Title order={2}>{title}</Title>
      <Text component="div" c="dimmed" ta="center" maw={460}>
        {text}
      </Text>
      {action !== undefined && (
        <Group mt="xs" justify="center">
          {action}
        </Group>
      )}
    </Stack>
  )
}

/** What went wrong, what to do, and the id to quote. */
export function ProblemNote({
  error,
  onRetry,
}: {
  readonly error: unknown
  readonly onRetry?: (() => void) | undefined
}) {
  const problem = toProblem(error)
  return (
    <Box role="alert" className={classes.problem}>
      <Icon name="alert" />
      <Box style={{ minWidth: 0, flex: 1 }}>
        <Text fw={600}>{problem.title}</Text>
        <Text className="break">{problem.detail}</Text>
        <Group gap="xs" mt={problem.id === '' && onRetry === undefined ? 0 : 6}>
          {onRetry !== undefined && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={onRetry}
              leftSection={<Icon name="refresh" size={14} />}
            >
              Try again
            </Button>
          )}
          {problem.id !== '' && (
            <Group gap={4}>
              <Text size="xs">Quote</Text>
              <Code>{problem.id}</Code>
              <CopyButton value={problem.id} label="Copy the id of this problem" />
            </Group>
          )}
        </Group>
      </Box>
    </Box>
  )
}

/** A form's refusal; nothing while there is none. */
export function FormProblem({ error }: { readonly error: unknown }) {
  if (error === null || error === undefined) return null
  return (
    <div key={toProblem(error).id} ref={reveal}>
      <ProblemNote error={error} />
    </div>
  )
}

/** In a long form the refusal may lie below what is seen. */
function reveal(element: HTMLDivElement | null) {
  element?.scrollIntoView({ block: 'nearest' })
}

export function NoPermission({ what }: { readonly what: string }) {
  return (
    <EmptyState
      icon="lock"
      title="Your role does not include this"
      text={`${what} Ask an administrator of your organization if you need it.`}
    />
  )
}

/** Grey rows of the height the content will have, so that nothing jumps. */
export function LoadingRows({ rows = 6, height = 40 }: { readonly rows?: number; readonly height?: number }) {
  return (
    <Stack gap={8} p="md" aria-busy="true">
      <VisuallyHidden component="output">Loading</VisuallyHidden>
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} height={height} radius="sm" />
      ))}
    </Stack>
  )
}
