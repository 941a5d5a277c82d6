import { Group, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { createSpotlight, Spotlight } from '@mantine/spotlight'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import type { VulnerabilitySummary } from '../../contract/security/vulnerabilities.ts'
import { vulnerabilityQuery, vulnerabilitySearch } from '../api/vulnerabilities.ts'
import { SeverityBadge } from '../ui/badges.tsx'
import { Icon } from '../ui/icon.tsx'
import { vulnerabilityIn } from './pasted-address.ts'
import { screens } from './screens.ts'
import { useSession } from './use-session.ts'

const [store, actions] = createSpotlight()

export function openSpotlight() {
  actions.open()
}

function VulnerabilityAction({ item }: { readonly item: VulnerabilitySummary }) {
  const navigate = useNavigate()
  return (
    <Spotlight.Action onClick={() => void navigate({ to: '/vulnerabilities/$id', params: { id: item.id } })}>
      <Group wrap="nowrap" gap="sm" w="100%">
        <SeverityBadge severity={item.severity} />
        <Text truncate style={{ flex: 1 }}>
          {item.title}
        </Text>
        <Text size="xs" c="dimmed" className="nowrap">
          {`#${item.number} · ${item.asset.key}`}
        </Text>
      </Group>
    </Spotlight.Action>
  )
}

/** Enter without having walked the list means its first line. */
function openFirst(list: HTMLElement | null) {
  if (list?.querySelector('[data-selected]') === null) list.querySelector<HTMLElement>('[data-action]')?.click()
}

/** Vulnerabilities by what is typed, after a pause in typing, or the one whose address was pasted. */
function useFound(text: string): { items: readonly VulnerabilitySummary[]; isFetching: boolean } {
  const [debounced] = useDebouncedValue(text, 150)
  const pasted = vulnerabilityIn(debounced)
  const named = useQuery({ ...vulnerabilityQuery(pasted ?? ''), enabled: pasted !== undefined })
  const found = useQuery({
    ...vulnerabilitySearch(debounced.replace(/^#/, '')),
    enabled: debounced !== '' && pasted === undefined,
    placeholderData: keepPreviousData,
  })
  const items = pasted === undefined ? found.data?.items : named.data && [named.data]
  return { items: items ?? [], isFetching: found.isFetching || named.isFetching }
}

/** Everything by keyboard: screens by name, vulnerabilities by number, title, path or CVE. */
export function Palette() {
  const { permissions } = useSession()
  const navigate = useNavigate()
  const [query, setQuery] = useState('')
  const list = useRef<HTMLDivElement>(null)
  const found = useFound(query.trim())
  const wanted = query.trim().toLowerCase()
  const offered = screens.filter(
    (screen) => permissions.includes(screen.needs) && screen.title.toLowerCase().includes(wanted),
  )
  const items = wanted === '' ? [] : found.items
  return (
    <Spotlight.Root
      store={store}
      query={query}
      onQueryChange={setQuery}
      shortcut={['mod + K']}
      scrollable
      centered={false}
      attributes={{ content: { 'aria-label': 'Search and go to' } }}
      maxHeight={420}
    >
      <Spotlight.Search
        placeholder="Go to a screen, or find a vulnerability by number, title, path or CVE"
        aria-label="Search and go to"
        leftSection={<Icon name="search" />}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing && wanted !== '') openFirst(list.current)
        }}
      />
      <Spotlight.ActionsList ref={list}>
        {offered.length > 0 && (
          <Spotlight.ActionsGroup label="Go to">
            {offered.map((screen) => (
              <Spotlight.Action
                key={screen.to}
                label={screen.title}
                leftSection={<Icon name={screen.icon} />}
                onClick={() => void navigate({ to: screen.to })}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {items.length > 0 && (
          <Spotlight.ActionsGroup label="Vulnerabilities">
            {items.map((item) => (
              <VulnerabilityAction key={item.id} item={item} />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {offered.length === 0 && items.length === 0 && (
          <Spotlight.Empty>{found.isFetching ? 'Searching…' : 'Nothing found'}</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}
