import { Button, Checkbox, Group, Popover, ScrollArea, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Icon } from '../../../ui/icon.tsx'
import { facetAmount } from './facet-amount.ts'

export type FacetChoice = { readonly value: string; readonly label: string; readonly amount?: number }
/** What is wanted, or what is left out: one of the two at a time. */
export type FacetChange = { readonly any: string[]; readonly none: string[] }

type FacetMenuProps = {
  readonly title: string
  readonly choices: readonly FacetChoice[]
  readonly chosen: readonly string[]
  /** Given where values can be left out as well. */
  readonly excluded?: readonly string[] | undefined
  /** False where counting ended early: each number is the least there are. */
  readonly isExact?: boolean
  readonly onChange: (change: FacetChange) => void
}

/** More than this are searched, not scrolled through. */
const mostWithoutSearch = 12

/** One filter: a list to tick, with counts; what nothing matches stays there in grey. */
export function FacetMenu(props: FacetMenuProps) {
  const { title, chosen, excluded = [] } = props
  const amount = chosen.length + excluded.length
  const label = amount === 0 ? title : `${title} (${excluded.length > 0 ? 'not ' : ''}${amount})`
  return (
    <Popover position="bottom-start" shadow="md" withinPortal trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" rightSection={<Icon name="chevron" size={14} />} aria-haspopup="dialog">
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={title}>
        <Choices {...props} />
      </Popover.Dropdown>
    </Popover>
  )
}

function Choices({ title, choices, chosen, excluded, isExact = true, onChange }: FacetMenuProps) {
  const [wanted, setWanted] = useState('')
  const [isLeavingOut, setLeavingOut] = useState((excluded ?? []).length > 0)
  const ticked = [...chosen, ...(excluded ?? [])]
  const send = (values: string[], leaveOut: boolean) =>
    onChange(leaveOut ? { any: [], none: values } : { any: values, none: [] })
  const shown = choices.filter(
    ({ value, label }) => ticked.includes(value) || label.toLowerCase().includes(wanted.trim().toLowerCase()),
  )
  return (
    <Stack gap="sm" w={250}>
      {excluded !== undefined && (
        <SegmentedControl
          size="xs"
          aria-label={`${title}: what is ticked`}
          data={[
            { value: 'any', label: 'Any of' },
            { value: 'none', label: 'None of' },
          ]}
          value={isLeavingOut ? 'none' : 'any'}
          onChange={(mode) => {
            setLeavingOut(mode === 'none')
            if (ticked.length > 0) send(ticked, mode === 'none')
          }}
        />
      )}
      {choices.length > mostWithoutSearch && (
        <TextInput
          size="xs"
          aria-label={`Search in ${title}`}
          placeholder="Search"
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
      )}
      <ScrollArea.Autosize mah={300} type="auto" tabIndex={-1}>
        <Checkbox.Group value={ticked} onChange={(values) => send(values, isLeavingOut)} aria-label={title}>
          <Stack gap={9}>
            {choices.length === 0 && <Text c="dimmed">Nothing to choose yet</Text>}
            {choices.length > 0 && shown.length === 0 && <Text c="dimmed">Nothing by that name</Text>}
            {shown.map((choice) => (
              <Group key={choice.value} justify="space-between" wrap="nowrap" gap="lg">
                <Checkbox
                  size="xs"
                  value={choice.value}
                  label={choice.label}
                  className="break"
                  {...(choice.amount === 0 && isExact && { c: 'dimmed' })}
                />
                {choice.amount !== undefined && (
                  <Text size="xs" className="tabular" {...(choice.amount === 0 && { c: 'dimmed' })}>
                    {facetAmount(choice.amount, isExact)}
                  </Text>
                )}
              </Group>
            ))}
          </Stack>
        </Checkbox.Group>
      </ScrollArea.Autosize>
    </Stack>
  )
}
