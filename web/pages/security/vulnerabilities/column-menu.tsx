import { ActionIcon, Button, Checkbox, Popover, Stack, Text, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { serviceLevelsQuery } from '../../../api/service-levels.ts'
import { useMay } from '../../../shell/use-session.ts'
import { Icon } from '../../../ui/icon.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { type ColumnKey, columnKeys, columnNames, shownOf, withShown } from './list-columns.ts'

type ColumnMenuProps = {
  readonly columns: readonly ColumnKey[]
  /** Null: the usual ones again. */
  readonly onChange: (columns: readonly ColumnKey[] | null) => void
}

export function ColumnMenu({ columns, onChange }: ColumnMenuProps) {
  const levels = useQuery(serviceLevelsQuery)
  const missing: readonly ColumnKey[] = levels.data?.settings === null ? ['due_at'] : []
  return (
    <Popover position="bottom-end" shadow="md" withinPortal trapFocus returnFocus>
      <Popover.Target>
        <Tooltip label="Columns">
          <ActionIcon variant="default" size={34} aria-label="Columns" aria-haspopup="dialog" visibleFrom="sm">
            <Icon name="menu" size={16} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns" maw={260}>
        <Checkbox.Group
          aria-label="Columns"
          value={shownOf(columns, missing)}
          onChange={(chosen) => onChange(withShown(columns, { chosen, missing }))}
        >
          <Stack gap={9} miw={180}>
            {columnKeys.map((column) =>
              missing.includes(column) ? (
                <NoDeadlines key={column} column={column} />
              ) : (
                <Checkbox key={column} size="xs" value={column} label={columnNames[column]} />
              ),
            )}
          </Stack>
        </Checkbox.Group>
        <Button mt="sm" size="compact-sm" variant="subtle" onClick={() => onChange(null)}>
          The usual ones
        </Button>
      </Popover.Dropdown>
    </Popover>
  )
}

/** A column that would be empty from top to bottom, and what would fill it. */
function NoDeadlines({ column }: { readonly column: ColumnKey }) {
  const mayAdminister = useMay('organization.write')
  return (
    <div>
      <Checkbox
        size="xs"
        value={column}
        label={columnNames[column]}
        disabled
        description="No service levels are set, so nothing has a deadline."
      />
      {mayAdminister ? (
        <AnchorLink to="/settings/service-levels" size="xs" ml={26}>
          Set service levels
        </AnchorLink>
      ) : (
        <Text size="xs" c="dimmed" ml={26}>
          An administrator can set them.
        </Text>
      )}
    </div>
  )
}
