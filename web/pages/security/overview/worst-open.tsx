import { Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { worstOpenQuery } from '../../../api/vulnerabilities.ts'
import { SeverityBadge, StatusBadge, UnreadBadge } from '../../../ui/badges.tsx'
import { AnchorLink, ButtonLink } from '../../../ui/links.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import classes from './overview-page.module.css'

/** The first few of the list as it opens: where to begin today. */
export function WorstOpen() {
  const list = useQuery(worstOpenQuery)
  if (list.data?.items.length === 0) return null
  return (
    <Panel
      title="Worst open vulnerabilities"
      actions={
        <ButtonLink to="/vulnerabilities" variant="subtle" size="compact-sm">
          All of them
        </ButtonLink>
      }
    >
      {list.isPending && <LoadingRows rows={5} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      <ul className={classes.rows}>
        {list.data?.items.map((item) => (
          <li key={item.id}>
            <SeverityBadge severity={item.severity} />
            <div className={classes.rowText}>
              <Group gap={8}>
                <AnchorLink to="/vulnerabilities/$id" params={{ id: item.id }} fw={600} c="inherit" className="break">
                  {item.title}
                </AnchorLink>
                <UnreadBadge amount={item.unread} what="messages" />
              </Group>
              <Text size="xs" c="dimmed" className="break">{`#${item.number} · ${item.asset.name}`}</Text>
            </div>
            <StatusBadge status={item.status} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}
