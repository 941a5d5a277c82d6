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
import { type Sort, toVulnerabilitySearch, type VulnerabilitySearch } from './vulnerability-search.ts'

type FilterBarProps = {
  readonly search: VulnerabilitySearch
  readonly facets: RouteResponse<'listVulnerabilities'>['facets'] | undefined
  readonly onChange: (part: VulnerabilitySearch) => void
}

const sortChoices: { value: Sort; label: string }[] = [
  { value: 'severity', label: 'Worst first' },
  { value: '-opened_at', label: 'Newest first' },
  { value: 'opened_at', label: 'Oldest first' },
  { value: '-updated_at', label: 'Last changed first' },
  { value: 'number', label: 'By number' },
  { value: 'title', label: 'By title' },
  { value: 'status', label: 'By status' },
]
const otherChoices = [
  { value: 'unread', label: 'With unread messages' },
  { value: 'sent', label: 'Sent to a tracker' },
  { value: 'not_sent', label: 'Not sent yet' },
]

function otherOf(search: VulnerabilitySearch): string[] {
  const sent = search.sent === 'true' ? ['sent'] : search.sent === 'false' ? ['not_sent'] : []
  return search.unread === undefined ? sent : ['unread', ...sent]
}

/** `sent` and `not sent` exclude each other: the one ticked last wins. */
function fromOther(chosen: readonly string[], search: VulnerabilitySearch): VulnerabilitySearch {
  const both = chosen.includes('sent') && chosen.includes('not_sent')
  const wantsSent = both ? search.sent !== 'true' : chosen.includes('sent')
  const sent = wantsSent ? 'true' : chosen.includes('not_sent') ? 'false' : undefined
  return { unread: chosen.includes('unread') ? 'true' : undefined, sent }
}

/** Search and filters; on narrow screens the filters wait behind one button. */
export function FilterBar({ search, facets, onChange }: FilterBarProps) {
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
        <Facets search={search} facets={facets} onChange={onChange} />
      </Group>
    </div>
  )
}

function Facets({ search, facets, onChange }: FilterBarProps) {
  const assets = useQuery(assetChoicesQuery)
  const members = useQuery(membersQuery)
  const scanners = Object.entries(facets?.scanner ?? {}).map(([value, amount]) => ({ value, label: value, amount }))
  return (
    <>
      <FacetMenu
        title="Status"
        choices={statuses.map((status) => ({
          value: status,
          label: statusWords[status].label,
          amount: facets?.status[status] ?? 0,
        }))}
        chosen={search.status ?? []}
        onChange={(chosen) => onChange(toStatusPart(chosen))}
      />
      <FacetMenu
        title="Scanner"
        choices={scanners}
        chosen={search.scanner ?? []}
        onChange={(scanner) => onChange({ scanner })}
      />
      <FacetMenu
        title="Asset"
        choices={(assets.data?.items ?? []).map((asset) => ({ value: asset.id, label: asset.name }))}
        chosen={search.asset_id ?? []}
        onChange={(asset_id) => onChange({ asset_id })}
      />
      <FacetMenu
        title="Assignee"
        choices={(members.data?.items ?? []).map((member) => ({ value: member.id, label: member.name }))}
        chosen={search.assignee_id ?? []}
        onChange={(assignee_id) => onChange({ assignee_id })}
      />
      <FacetMenu
        title="Conversation"
        choices={otherChoices}
        chosen={otherOf(search)}
        onChange={(chosen) => onChange(fromOther(chosen, search))}
      />
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

function toStatusPart(chosen: string[]): VulnerabilitySearch {
  const { status } = toVulnerabilitySearch({ status: chosen })
  return { status, view: status === undefined ? undefined : 'all' }
}
