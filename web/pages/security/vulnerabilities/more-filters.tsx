import {
  Button,
  Group,
  NativeSelect,
  NumberInput,
  Popover,
  ScrollArea,
  SimpleGrid,
  Stack,
  TagsInput,
  TextInput,
} from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { findingKinds } from '../../../../src/domain/finding-kind.ts'
import { slaStates } from '../../../../src/domain/sla/judge-sla.ts'
import { tagsQuery } from '../../../api/vulnerabilities.ts'
import { Icon } from '../../../ui/icon.tsx'
import { slaWords } from '../../../ui/sla.tsx'
import { toWords } from '../../../ui/words.ts'
import { facetAmount } from './facet-amount.ts'
import { FacetMenu } from './facet-menu.tsx'
import type { FilterBarProps } from './filter-bar.tsx'
import { toVulnerabilitySearch, type VulnerabilitySearch } from './vulnerability-search.ts'

const flags = [
  { key: 'known_exploited', label: 'Known to be exploited', yes: 'Yes', no: 'No' },
  { key: 'sent', label: 'Sent to a tracker', yes: 'Sent', no: 'Not sent' },
  { key: 'unread', label: 'Messages', yes: 'With unread ones', no: undefined },
] as const

const hidden = [
  'kind',
  'kind_not',
  'tag',
  'tag_not',
  'sla',
  'source',
  'cwe',
  'cwe_not',
  'epss_from',
  'opened_from',
] as const
const others = ['opened_to', 'known_exploited', 'sent', 'unread'] as const

/** Filters that are used now and then; the button says how many of them are set. */
export function MoreFilters(props: FilterBarProps) {
  const { search } = props
  const amount = [...hidden, ...others].filter((key) => search[key] !== undefined).length
  const isBranchSet = search.branch !== undefined
  return (
    <Popover position="bottom-end" shadow="md" withinPortal trapFocus returnFocus width={480}>
      <Popover.Target>
        <Button variant="default" leftSection={<Icon name="filter" size={15} />} aria-haspopup="dialog">
          {amount + Number(isBranchSet) === 0 ? 'More filters' : `More filters (${amount + Number(isBranchSet)})`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="More filters" maw="calc(100vw - 24px)">
        <ScrollArea.Autosize mah="min(560px, 70vh)" type="auto">
          <Stack gap="md" p={2} pr="md">
            <Menus {...props} />
            <Fields {...props} />
          </Stack>
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  )
}

function Menus({ search, page, onChange }: FilterBarProps) {
  const tags = useQuery(tagsQuery)
  const send = (part: Record<string, string[]>) => onChange({ ...cleared(part), ...toVulnerabilitySearch(part) })
  return (
    <Group gap="xs">
      <FacetMenu
        title="Deadline"
        choices={slaStates.map((state) => ({ value: state, label: slaWords[state].label }))}
        chosen={search.sla ?? []}
        onChange={({ any }) => send({ sla: any })}
      />
      <FacetMenu
        title="Tag"
        choices={(tags.data?.items ?? []).map((tag) => ({ value: tag, label: tag }))}
        chosen={search.tag ?? []}
        excluded={search.tag_not ?? []}
        onChange={({ any, none }) => send({ tag: any, tag_not: none })}
      />
      <FacetMenu
        title="Kind"
        choices={findingKinds.map((kind) => ({
          value: kind,
          label: toWords(kind),
          amount: page?.facets.kind[kind] ?? 0,
        }))}
        chosen={search.kind ?? []}
        excluded={search.kind_not ?? []}
        isExact={page?.facets_are_exact ?? true}
        onChange={({ any, none }) => send({ kind: any, kind_not: none })}
      />
    </Group>
  )
}

/** What is not chosen any more has to leave the address. */
function cleared(part: Record<string, string[]>): VulnerabilitySearch {
  return Object.fromEntries(Object.keys(part).map((key) => [key, undefined]))
}

function Fields({ search, page, onChange }: FilterBarProps) {
  const send = (part: Record<string, string>) =>
    onChange({
      ...Object.fromEntries(Object.keys(part).map((key) => [key, undefined])),
      ...toVulnerabilitySearch(part),
    })
  const persons = facetAmount(page?.facets.source['person'] ?? 0, page?.facets_are_exact ?? true)
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      <BranchField search={search} page={page} onChange={onChange} />
      <NativeSelect
        label="Told by"
        description="Scans, or people by hand"
        data={[
          { value: '', label: 'Scans and people' },
          { value: 'scan', label: 'Scans' },
          { value: 'person', label: `People (${persons})` },
        ]}
        value={search.source ?? ''}
        onChange={(event) => send({ source: event.currentTarget.value })}
      />
      {flags.slice(0, 2).map((flag) => (
        <FlagField key={flag.key} flag={flag} value={search[flag.key]} onChange={send} />
      ))}
      <NumberInput
        label="Likely to be exploited, from"
        description="EPSS, in per cent"
        suffix=" %"
        min={0}
        max={100}
        decimalScale={2}
        value={search.epss_from === undefined ? '' : Number(search.epss_from) * 100}
        onChange={(value) => send({ epss_from: value === '' ? '' : String(Number(value) / 100) })}
      />
      <TagsInput
        label="CWE"
        description="Numbers"
        placeholder={(search.cwe ?? []).length === 0 ? '79' : ''}
        value={search.cwe ?? []}
        onChange={(cwe) => {
          const numbers = cwe.map((one) => one.replace(/^cwe-/i, ''))
          onChange({ cwe: undefined, ...toVulnerabilitySearch({ cwe: numbers }) })
        }}
      />
      <TextInput
        type="date"
        label="Opened from"
        value={search.opened_from ?? ''}
        onChange={(event) => send({ opened_from: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label="Opened until"
        value={search.opened_to ?? ''}
        onChange={(event) => send({ opened_to: event.currentTarget.value })}
      />
      {flags.slice(2).map((flag) => (
        <FlagField key={flag.key} flag={flag} value={search[flag.key]} onChange={send} />
      ))}
    </SimpleGrid>
  )
}

type FlagFieldProps = {
  readonly flag: (typeof flags)[number]
  readonly value: string | undefined
  readonly onChange: (part: Record<string, string>) => void
}

function FlagField({ flag: { key, label, yes, no }, value, onChange }: FlagFieldProps) {
  const refusal = no === undefined ? [] : [{ value: 'false', label: no }]
  return (
    <NativeSelect
      label={label}
      data={[{ value: '', label: 'Either' }, { value: 'true', label: yes }, ...refusal]}
      value={value ?? ''}
      onChange={(event) => onChange({ [key]: event.currentTarget.value })}
    />
  )
}

function BranchField({ search, onChange }: FilterBarProps) {
  const { branch } = search
  return (
    <TextInput
      label="Branch"
      description="Empty: default branches; * for all"
      placeholder="Default branches"
      defaultValue={branch ?? ''}
      key={branch ?? ''}
      onBlur={(event) => {
        const typed = event.currentTarget.value.trim()
        if (typed !== (branch ?? '')) onChange({ branch: typed === '' ? undefined : typed })
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur()
      }}
    />
  )
}
