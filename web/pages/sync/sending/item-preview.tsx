import { Paper, Select, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { RouteInput } from '../../../api/route-types.ts'
import { itemPreviewQuery } from '../../../api/sending.ts'
import { vulnerabilitySearch } from '../../../api/vulnerabilities.ts'
import { Markdown } from '../../../ui/markdown.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { areUsable } from './are-usable.ts'

type Rules = Omit<RouteInput<'previewItem'>['body'], 'vulnerability_id'>

/** While somebody types, nothing is asked. */
const typingMs = 350

/** What an item of a real vulnerability would say by these rules; nothing is sent. */
export function ItemPreview({ rules }: { readonly rules: Rules }) {
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.startsWith('WEIR-') ? '' : typed, typingMs)
  const [chosen, setChosen] = useState<string | null>(null)
  const found = useQuery({ ...vulnerabilitySearch(q), placeholderData: keepPreviousData })
  const items = found.data?.items ?? []
  const id = chosen ?? items[0]?.id
  const isUsable = areUsable(rules.route?.templates) && areUsable(rules.organization?.templates)
  const choices = items.map(({ id: value, number, title }) => ({ value, label: `WEIR-${number} ${title}` }))
  return (
    <Stack gap="sm">
      <Select
        label="Preview on"
        searchable
        placeholder="The newest vulnerability"
        nothingFoundMessage="No vulnerability is called that"
        data={choices}
        filter={({ options }) => options}
        value={chosen}
        onChange={setChosen}
        onSearchChange={setTyped}
      />
      {found.isSuccess && id === undefined && (
        <Text size="sm" c="dimmed">
          There is no vulnerability yet to show it on.
        </Text>
      )}
      {id !== undefined && isUsable && <Preview id={id} rules={rules} />}
      {!isUsable && (
        <Text size="sm" c="dimmed">
          Mend the template first.
        </Text>
      )}
    </Stack>
  )
}

function Preview({ id, rules }: { readonly id: string; readonly rules: Rules }) {
  const [asked] = useDebouncedValue(rules, typingMs)
  const preview = useQuery(itemPreviewQuery({ ...asked, vulnerability_id: id }))
  if (preview.isError) return <ProblemNote error={preview.error} onRetry={() => void preview.refetch()} />
  if (preview.data === undefined) return <LoadingRows rows={4} height={20} />
  const { title, body, vulnerability } = preview.data
  return (
    <Paper withBorder p="sm" component="section" aria-label={`Preview on WEIR-${vulnerability.number}`}>
      <Text fw={650} className="break" mb="xs">
        {title}
      </Text>
      <Markdown text={body} />
    </Paper>
  )
}
