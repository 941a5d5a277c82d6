import { Button, Checkbox, Group, Popover, ScrollArea, Stack, Text } from '@mantine/core'
import { Icon } from '../../../ui/icon.tsx'
import { formatNumber } from '../../../ui/words.ts'

export type FacetChoice = { readonly value: string; readonly label: string; readonly amount?: number }

type FacetMenuProps = {
  readonly title: string
  readonly choices: readonly FacetChoice[]
  readonly chosen: readonly string[]
  readonly onChange: (chosen: string[]) => void
}

/** One filter: a list to tick, with counts; what nothing matches stays there in grey. */
export function FacetMenu({ title, choices, chosen, onChange }: FacetMenuProps) {
  const label = chosen.length === 0 ? title : `${title} (${chosen.length})`
  return (
    <Popover position="bottom-start" shadow="md" withinPortal trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" rightSection={<Icon name="chevron" size={14} />} aria-haspopup="dialog">
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={title}>
        <ScrollArea.Autosize mah={320} type="auto" tabIndex={-1}>
          <Checkbox.Group value={[...chosen]} onChange={onChange} aria-label={title}>
            <Stack gap={9} miw={210}>
              {choices.length === 0 && <Text c="dimmed">Nothing to choose yet</Text>}
              {choices.map((choice) => (
                <Group key={choice.value} justify="space-between" wrap="nowrap" gap="lg">
                  <Checkbox size="xs" value={choice.value} label={choice.label} />
                  {choice.amount !== undefined && (
                    <Text size="xs" className="tabular" {...(choice.amount === 0 && { c: 'dimmed' })}>
                      {formatNumber(choice.amount)}
                    </Text>
                  )}
                </Group>
              ))}
            </Stack>
          </Checkbox.Group>
        </ScrollArea.Autosize>
      </Popover.Dropdown>
    </Popover>
  )
}
