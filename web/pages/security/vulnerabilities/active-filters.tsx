import { Button, Group, Pill } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { assetChoicesQuery } from '../../../api/assets.ts'
import { membersQuery } from '../../../api/members.ts'
import { severityWords, statusWords, toWords } from '../../../ui/words.ts'
import { isNarrowed, type VulnerabilitySearch } from './vulnerability-search.ts'

type ActiveFiltersProps = {
  readonly search: VulnerabilitySearch
  readonly onChange: (part: VulnerabilitySearch) => void
}

type Chip = { readonly label: string; readonly without: VulnerabilitySearch }

export const noFilters: VulnerabilitySearch = {
  q: undefined,
  severity: undefined,
  status: undefined,
  scanner: undefined,
  asset_id: undefined,
  business_impact: undefined,
  exposure: undefined,
  sensitive_data: undefined,
  assignee_id: undefined,
  branch: undefined,
  unread: undefined,
  sent: undefined,
}

function toChips(search: VulnerabilitySearch, nameOf: (id: string) => string): Chip[] {
  const { severity = [], status = [], scanner = [], asset_id = [], assignee_id = [] } = search
  const chips: Chip[] = []
  if (search.q !== undefined) chips.push({ label: `“${search.q}”`, without: { q: undefined } })
  for (const item of severity)
    chips.push({ label: severityWords[item], without: { severity: severity.filter((other) => other !== item) } })
  for (const item of status)
    chips.push({ label: statusWords[item].label, without: { status: status.filter((other) => other !== item) } })
  for (const item of scanner)
    chips.push({ label: item, without: { scanner: scanner.filter((other) => other !== item) } })
  for (const item of asset_id)
    chips.push({ label: nameOf(item), without: { asset_id: asset_id.filter((other) => other !== item) } })
  for (const item of assignee_id)
    chips.push({ label: nameOf(item), without: { assignee_id: assignee_id.filter((other) => other !== item) } })
  chips.push(...toAssetChips(search))
  if (search.branch !== undefined) chips.push({ label: `Branch ${search.branch}`, without: { branch: undefined } })
  if (search.unread !== undefined) chips.push({ label: 'Unread messages', without: { unread: undefined } })
  if (search.sent !== undefined)
    chips.push({ label: search.sent === 'true' ? 'Sent' : 'Not sent', without: { sent: undefined } })
  return chips
}

/** What is asked of the assets. */
function toAssetChips(search: VulnerabilitySearch): Chip[] {
  const { business_impact: impacts = [], exposure, sensitive_data: sensitive } = search
  const chips = impacts.map((item) => ({
    label: `${toWords(item)} business impact`,
    without: { business_impact: impacts.filter((other) => other !== item) },
  }))
  return [
    ...chips,
    ...(exposure === undefined
      ? []
      : [{ label: exposure === 'internet' ? 'Internet-facing' : 'Internal', without: { exposure: undefined } }]),
    ...(sensitive === undefined
      ? []
      : [
          {
            label: sensitive === 'true' ? 'Sensitive data' : 'No sensitive data',
            without: { sensitive_data: undefined },
          },
        ]),
  ]
}

export function ActiveFilters({ search, onChange }: ActiveFiltersProps) {
  const assets = useQuery(assetChoicesQuery)
  const members = useQuery(membersQuery)
  if (!isNarrowed(search)) return null
  const nameOf = (id: string) =>
    [...(assets.data?.items ?? []), ...(members.data?.items ?? [])].find((item) => item.id === id)?.name ?? '…'
  return (
    <Group gap={6} component="section" aria-label="Active filters">
      {toChips(search, nameOf).map((chip) => (
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
      <Button variant="subtle" size="compact-sm" onClick={() => onChange(noFilters)}>
        Clear all
      </Button>
    </Group>
  )
}
