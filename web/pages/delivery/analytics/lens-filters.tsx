import { ActionIcon, Group, MultiSelect } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { labelRulesQuery } from '../../../api/lens.ts'
import { useMay } from '../../../shell/use-session.ts'
import { Icon } from '../../../ui/icon.tsx'
import type { AnalyticsSearch } from './analytics-search.ts'
import { LabelDialog } from './label-dialog.tsx'

type FilterProps = { readonly search: AnalyticsSearch; readonly onChange: (part: AnalyticsSearch) => void }

/** Labels, and for whoever may change them the rules by which pull requests get them. */
export function LabelFilter({ search, onChange }: FilterProps) {
  const rules = useQuery(labelRulesQuery)
  const mayWrite = useMay('organization.write')
  const [isOpen, dialog] = useDisclosure(false)
  const chosen = search.label ?? []
  const known = (rules.data?.items ?? []).map(({ label }) => label)
  const labels = [...new Set([...known, ...chosen])]
  // A menu of nothing helps nobody who cannot fill it.
  if (labels.length === 0 && !mayWrite) return null
  return (
    <Group gap={4} align="flex-end" wrap="nowrap">
      <MultiSelect
        label="Labels"
        placeholder={chosen.length === 0 ? 'All' : ''}
        searchable
        clearable
        w={210}
        value={chosen}
        onChange={(label) => onChange({ label })}
        data={labels}
        nothingFoundMessage={rules.isError ? 'Labels could not be read.' : 'No such label.'}
      />
      {mayWrite && (
        <ActionIcon size={36} variant="default" aria-label="Rules of labels" onClick={dialog.open}>
          <Icon name="edit" size={16} />
        </ActionIcon>
      )}
      {isOpen && rules.isSuccess && <LabelDialog rules={rules.data.items} onClose={dialog.close} />}
    </Group>
  )
}
