import { ActionIcon, Button, Checkbox, Popover, Stack, Tooltip } from '@mantine/core'
import { Icon } from '../../../ui/icon.tsx'
import { type ColumnKey, columnKeys, columnNames } from './list-columns.ts'

type ColumnMenuProps = {
  readonly columns: readonly ColumnKey[]
  /** Null: the usual ones again. */
  readonly onChange: (columns: readonly ColumnKey[] | null) => void
}

export function ColumnMenu({ columns, onChange }: ColumnMenuProps) {
  return (
    <Popover position="bottom-end" shadow="md" withinPortal trapFocus returnFocus>
      <Popover.Target>
        <Tooltip label="Columns">
          <ActionIcon variant="default" size={34} aria-label="Columns" aria-haspopup="dialog" visibleFrom="sm">
            <Icon name="menu" size={16} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <Checkbox.Group
          aria-label="Columns"
          value={[...columns]}
          onChange={(chosen) => onChange(columnKeys.filter((column) => chosen.includes(column)))}
        >
          <Stack gap={9} miw={180}>
            {columnKeys.map((column) => (
              <Checkbox key={column} size="xs" value={column} label={columnNames[column]} />
            ))}
          </Stack>
        </Checkbox.Group>
        <Button mt="sm" size="compact-sm" variant="subtle" onClick={() => onChange(null)}>
          The usual ones
        </Button>
      </Popover.Dropdown>
    </Popover>
  )
}
