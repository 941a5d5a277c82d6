import { Button, Group, NativeSelect } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { statuses } from '../../../../src/domain/status.ts'
import { assetChoicesQuery } from '../../../api/assets.ts'
import { membersQuery } from '../../../api/members.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { vulnerabilityIn } from '../../../shell/pasted-address.ts'
import { Icon } from '../../../ui/icon.tsx'
import { SearchInput } from '../../../ui/search-input.tsx'
import { statusWords } from '../../../ui/words.ts'
import { FacetMenu } from './facet-menu.tsx'
import classes from './filter-bar.module.css'
import { MoreFilters } from './more-filters.tsx'
import { type Sort, toVulnerabilitySearch, type VulnerabilitySearch } from './vulnerability-search.ts'

export type FilterBarProps = {
  readonly search: VulnerabilitySearch
  readonly page: RouteResponse<'listVulnerabilities'> | undefined
  readonly onChange: (part: VulnerabilitySearch) => void
}

const sortChoices: { value: Sort; label: string }[] = [
  { value: 'severity', label: 'Worst first' },
  { value: '-opened_at', label: 'Newest first' },
  { value: 'opened_at', label: 'Oldest first' },
  { value: '-updated_at', label: 'Last changed first' },
  { value: 'due_at', label: 'Deadline' },
  { value: '-epss', label: 'Most likely exploited first' },
  { value: 'number', label: 'By number' },
  { value: 'title', label: 'By title' },
  { value: 'status', label: 'By status' },
  { value: 'asset', label: 'By asset' },
]

/** Search and filters; on narrow screens the filters wait behind one button. */
export function FilterBar({ search, page, onChange }: FilterBarProps) {
  const [opened, { toggle }] = useDisclosure(false)
  const navigate = useNavigate()
  return (
    <div className={classes.bar}>
      <SearchInput
        label="Search vulnerabilities"
        placeholder="Number, title, path, rule or CVE"
        value={search.q ?? ''}
        onChange={(q) => {
          const id = vulnerabilityIn(q)
          if (id === undefined) onChange({ q })
          else void navigate({ to: '/vulnerabilities/$id', params: { id } })
        }}
      />
      <Button
        hiddenFrom="md"
        variant="default"
        leftSection={<Icon name="filter" size={15} />}
        aria-expanded={opened}
        onClick={toggle}
      >
        Filters
      </Button>
      <Group gap="xs" className={classes.facets ?? ''} data-opened={opened || undefined}>
        <Facets search={search} page={page} onChange={onChange} />
      </Group>
    </div>
  )
}

function Facets({ search, page, onChange }: FilterBarProps) {
  const assets = useQuery(assetChoicesQuery)
  const members = useQuery(membersQuery)
  const isExact = page?.facets_are_exact ?? true
  const scanners = Object.entries(page?.facets.scanner ?? {}).map(([value, amount]) => ({
    value,
    label: value,
    amount,
  }))
  return (
    <>
      <FacetMenu
        title="Status"
        choices={statuses.map((status) => ({
          value: status,
          label: statusWords[status].label,
          amount: page?.facets.status[status] ?? 0,
        }))}
        chosen={search.status ?? []}
        excluded={search.status_not ?? []}
        isExact={isExact}
        onChange={({ any, none }) => onChange(toStatusPart(any, none))}
      />
      <FacetMenu
        title="Scanner"
        choices={scanners.toSorted((a, b) => b.amount - a.amount)}
        chosen={search.scanner ?? []}
        excluded={search.scanner_not ?? []}
        isExact={isExact}
        onChange={({ any, none }) => onChange({ scanner: any, scanner_not: none })}
      />
      <FacetMenu
        title="Asset"
        choices={(assets.data?.items ?? []).map((asset) => ({ value: asset.id, label: asset.name }))}
        chosen={search.asset_id ?? []}
        excluded={search.asset_id_not ?? []}
        onChange={({ any, none }) => onChange({ asset_id: any, asset_id_not: none })}
      />
      <FacetMenu
        title="Assignee"
        choices={[
          { value: 'me', label: 'Me' },
          { value: 'nobody', label: 'Nobody' },
          ...(members.data?.items ?? []).map((member) => ({ value: member.id, label: member.name })),
        ]}
        chosen={search.assignee_id ?? []}
        excluded={search.assignee_id_not ?? []}
        onChange={({ any, none }) => onChange({ assignee_id: any, assignee_id_not: none })}
      />
      <MoreFilters search={search} page={page} onChange={onChange} />
      <NativeSelect
        aria-label="Order"
        hiddenFrom="md"
        data={sortChoices}
        value={search.sort ?? 'severity'}
        onChange={(event) => onChange(toVulnerabilitySearch({ sort: event.currentTarget.value }))}
      />
    </>
  )
}

function toStatusPart(any: string[], none: string[]): VulnerabilitySearch {
  const { status, status_not } = toVulnerabilitySearch({ status: any, status_not: none })
  return { status, status_not, view: status === undefined ? undefined : 'all' }
}
