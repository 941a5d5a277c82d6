import { Button, Menu, Text } from '@mantine/core'
import { toRequest } from '../../../api/call.ts'
import type { RouteId } from '../../../api/route-types.ts'
import type { VulnerabilityFilter } from '../../../api/vulnerabilities.ts'
import { Icon } from '../../../ui/icon.tsx'
import { count } from '../../../ui/words.ts'

const formats = [
  { id: 'exportCsv', name: 'CSV', about: 'For spreadsheets' },
  { id: 'exportJson', name: 'JSON', about: 'For programs' },
  { id: 'exportSarif', name: 'SARIF 2.1.0', about: 'For code scanning tools' },
  { id: 'exportVex', name: 'CycloneDX VEX 1.6', about: 'What is known, and what was decided' },
] as const satisfies readonly { id: RouteId; name: string; about: string }[]

type ExportMenuProps = {
  readonly filter: VulnerabilityFilter
  readonly total: number | undefined
  readonly isExact?: boolean | undefined
}

/** What is filtered, as a file. Says how many before anything is fetched. */
export function ExportMenu({ filter, total, isExact = true }: ExportMenuProps) {
  const { sort: _sort, ...query } = filter
  return (
    <Menu position="bottom-end" width={270}>
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<Icon name="in" size={16} />}
          disabled={total === undefined || total === 0}
        >
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{`${isExact ? '' : 'More than '}${count(total ?? 0, 'vulnerability', 'vulnerabilities')}, as filtered`}</Menu.Label>
        {formats.map(({ id, name, about }) => (
          <Menu.Item key={id} component="a" href={toRequest(id, { query }).url} download>
            {name}
            <Text size="xs" c="dimmed">
              {about}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
