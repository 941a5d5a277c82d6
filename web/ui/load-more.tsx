import { Button, Group, Text } from '@mantine/core'
import { count } from './words.ts'

type LoadMoreProps = {
  readonly shown: number
  readonly total?: number | undefined
  /** False where counting ended early: there are more than `total`. */
  readonly isExact?: boolean | undefined
  readonly one: string
  readonly many?: string
  readonly query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown }
}

/** Foot of a list: how many are shown, and the next page. */
export function LoadMore({ shown, total, isExact = true, one, many = `${one}s`, query }: LoadMoreProps) {
  const amount =
    total === undefined
      ? count(shown, one, many)
      : `${shown.toLocaleString()} of ${isExact ? '' : 'more than '}${count(total, one, many)}`
  return (
    <Group justify="space-between" px={18} py={10} style={{ borderTop: '1px solid var(--line)' }}>
      <Text size="xs" c="dimmed">
        {query.hasNextPage && total === undefined ? `${amount} so far` : amount}
      </Text>
      {query.hasNextPage && (
        <Button
          size="compact-sm"
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Load more
        </Button>
      )}
    </Group>
  )
}
