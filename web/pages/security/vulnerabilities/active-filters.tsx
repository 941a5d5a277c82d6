import { Button, Group, Pill } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { assetChoicesQuery } from '../../../api/assets.ts'
import { membersQuery } from '../../../api/members.ts'
import { type Chip, noFilters, toChips } from './filter-chips.ts'
import { isNarrowed, type VulnerabilitySearch } from './vulnerability-search.ts'

type ActiveFiltersProps = {
  readonly search: VulnerabilitySearch
  readonly onChange: (part: VulnerabilitySearch) => void
}

/** Which branches are looked at is always told: a list that leaves some out has to say so. */
function branchChip({ branch }: VulnerabilitySearch): Chip {
  if (branch === undefined) return { label: 'Default branches', without: { branch: '*' } }
  return { label: branch === '*' ? 'Every branch' : `Branch ${branch}`, without: { branch: undefined } }
}

export function ActiveFilters({ search, onChange }: ActiveFiltersProps) {
  const assets = useQuery(assetChoicesQuery)
  const members = useQuery(membersQuery)
  const nameOf = (id: string) => {
    if (id === 'me') return 'Assigned to me'
    if (id === 'nobody') return 'Nobody assigned'
    return [...(assets.data?.items ?? []), ...(members.data?.items ?? [])].find((item) => item.id === id)?.name ?? '…'
  }
  return (
    <Group gap={6} component="section" aria-label="Active filters">
      {[branchChip(search), ...toChips(search, nameOf)].map((chip) => (
        <Pill
          key={chip.label}
          size="md"
          withRemoveButton
          removeButtonProps={{ 'aria-label': `Remove the filter ${chip.label}`, tabIndex: 0, 'aria-hidden': false }}
          onRemove={() => onChange(chip.without)}
        >
          {chip.label}
        </Pill>
      ))}
      {isNarrowed(search) && (
        <Button variant="subtle" size="compact-sm" onClick={() => onChange(noFilters)}>
          Clear all
        </Button>
      )}
    </Group>
  )
}
