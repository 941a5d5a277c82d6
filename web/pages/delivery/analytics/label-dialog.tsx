import { ActionIcon, Button, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { LabelRules } from '../../../../contract/delivery/labels.ts'
import { useUpdateLabelRules } from '../../../api/lens.ts'
import { ApiForm } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { count } from '../../../ui/words.ts'

type Rule = LabelRules['items'][number]
type Line = Pick<Rule, 'label' | 'field' | 'pattern'> & { readonly key: number }

type LabelDialogProps = { readonly rules: readonly Rule[]; readonly onClose: () => void }

/** By what pull requests get which label: every rule at once, so that they are kept as they are seen. */
export function LabelDialog({ rules, onClose }: LabelDialogProps) {
  const [lines, setLines] = useState<Line[]>(() =>
    rules.length === 0 ? [emptyLine(0)] : rules.map((rule, key) => ({ ...rule, key })),
  )
  const update = useUpdateLabelRules()
  const change = (key: number, part: Partial<Line>): void =>
    setLines((before) => before.map((line) => (line.key === key ? { ...line, ...part } : line)))
  const save = (): void => {
    const items = lines
      .map(({ label, field, pattern }) => ({ label: label.trim(), field, pattern: pattern.trim() }))
      .filter(({ label, pattern }) => label !== '' || pattern !== '')
    update.mutate({ body: { items } }, { onSuccess: onClose })
  }
  const fitting = [...new Map(rules.map((rule) => [rule.label, rule.pull_requests]))]
    .map(([label, amount]) => `${label}: ${count(amount, 'pull request')}`)
    .join(' · ')
  return (
    <Modal opened onClose={onClose} title={<Text fw={650}>Rules of labels</Text>} size="lg">
      <ApiForm onSubmit={save} label="Rules of labels">
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            Bitbucket has no labels for pull requests. A rule gives one to every pull request, past and future, whose
            title or source branch looks like its pattern; * is anything.
          </Text>
          {lines.map((line, index) => (
            <RuleLine
              key={line.key}
              line={line}
              number={index + 1}
              onChange={(part) => change(line.key, part)}
              onRemove={() => setLines((before) => before.filter(({ key }) => key !== line.key))}
            />
          ))}
          <Group>
            <Button
              variant="default"
              size="compact-sm"
              leftSection={<Icon name="plus" size={14} />}
              onClick={() =>
                setLines((before) => [...before, emptyLine(Math.max(0, ...before.map(({ key }) => key)) + 1)])
              }
            >
              Add a rule
            </Button>
          </Group>
          {fitting !== '' && (
            <Text size="xs" c="dimmed" className="break">
              Now: {fitting}
            </Text>
          )}
          <FormEnd submit="Save" form={update} onCancel={onClose} />
        </Stack>
      </ApiForm>
    </Modal>
  )
}

function emptyLine(key: number): Line {
  return { key, label: '', field: 'title', pattern: '' }
}

type RuleLineProps = {
  readonly line: Line
  readonly number: number
  readonly onChange: (part: Partial<Line>) => void
  readonly onRemove: () => void
}

function RuleLine({ line, number, onChange, onRemove }: RuleLineProps) {
  return (
    <Group gap="xs" align="flex-end">
      <TextInput
        label={`Label ${number}`}
        placeholder="Hotfix"
        maxLength={100}
        value={line.label}
        onChange={(event) => onChange({ label: event.currentTarget.value })}
        style={{ flex: '1 1 120px' }}
      />
      <NativeSelect
        label="Where"
        value={line.field}
        onChange={(event) => onChange({ field: event.currentTarget.value === 'branch' ? 'branch' : 'title' })}
        data={[
          { value: 'title', label: 'Title' },
          { value: 'branch', label: 'Source branch' },
        ]}
      />
      <TextInput
        label="looks like"
        placeholder="hotfix/*"
        maxLength={200}
        value={line.pattern}
        onChange={(event) => onChange({ pattern: event.currentTarget.value })}
        style={{ flex: '1 1 140px' }}
      />
      <ActionIcon size={36} variant="default" aria-label={`Remove rule ${number}`} onClick={onRemove}>
        <Icon name="trash" size={16} />
      </ActionIcon>
    </Group>
  )
}
