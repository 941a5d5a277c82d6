import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { BotPattern, BotPatternTrial } from '../../../../contract/delivery/bot-patterns.ts'
import { type BotField, botFields } from '../../../../src/domain/people/bot-pattern.ts'
import { botPatternsQuery, useCreateBotPattern, useDeleteBotPattern, useTryBotPattern } from '../../../api/teams.ts'
import { ApiForm } from '../../../ui/form.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, FormProblem, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { count } from '../../../ui/words.ts'
import { AccountName } from './account-name.tsx'

const fieldNames = {
  any: 'Any of them',
  name: 'Name',
  nickname: 'Nickname',
  email: 'E-mail address',
} as const satisfies Record<BotField, string>

/** Patterns by which accounts are taken for programs. */
export function BotPanel({ mayWrite }: { readonly mayWrite: boolean }) {
  const list = useQuery(botPatternsQuery)
  const items = list.data?.items ?? []
  return (
    <Panel
      title="Programs"
      lead="What programs do is counted apart. Bitbucket says of most that they are some; patterns find the others. What a person said of an account, under Accounts, stands."
    >
      <Stack gap="sm">
        {list.isPending && <LoadingRows rows={2} height={36} />}
        {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
        {list.isSuccess && items.length === 0 && (
          <EmptyState
            icon="person"
            title="No patterns yet"
            text="One such as *-bot takes every account whose name ends so."
          />
        )}
        {items.map((one) => (
          <PatternLine key={one.id} pattern={one} mayWrite={mayWrite} />
        ))}
        {mayWrite && <NewPattern />}
      </Stack>
    </Panel>
  )
}

function PatternLine({ pattern, mayWrite }: { readonly pattern: BotPattern; readonly mayWrite: boolean }) {
  const remove = useDeleteBotPattern()
  return (
    <Group justify="space-between">
      <Text className="break">{`${pattern.pattern} · ${fieldNames[pattern.field].toLowerCase()} · ${count(pattern.matches, 'account')}`}</Text>
      {mayWrite && (
        <Button
          size="compact-xs"
          variant="default"
          loading={remove.isPending}
          aria-label={`Remove the pattern ${pattern.pattern}`}
          onClick={() => remove.mutate({ params: { id: pattern.id } })}
        >
          Remove
        </Button>
      )}
      <FormProblem error={remove.error} />
    </Group>
  )
}

function NewPattern() {
  const [pattern, setPattern] = useState('')
  const [field, setField] = useState<BotField>('any')
  const trial = useTryBotPattern()
  const create = useCreateBotPattern()
  const change = () => {
    trial.reset()
    create.reset()
  }
  const save = () =>
    create.mutate(
      { body: { field, pattern } },
      {
        onSuccess: () => {
          setPattern('')
          trial.reset()
        },
      },
    )
  return (
    <ApiForm onSubmit={save} label="New pattern">
      <Stack gap="sm">
        <Group align="flex-end">
          <TextInput
            label="Pattern"
            description="* is anything"
            required
            maxLength={100}
            value={pattern}
            onChange={(event) => {
              change()
              setPattern(event.currentTarget.value)
            }}
          />
          <NativeSelect
            label="Of"
            value={field}
            onChange={(event) => {
              change()
              setField(botFields.find((one) => one === event.currentTarget.value) ?? 'any')
            }}
            data={botFields.map((value) => ({ value, label: fieldNames[value] }))}
          />
          <Button
            variant="default"
            disabled={pattern === ''}
            loading={trial.isPending}
            onClick={() => trial.mutate({ body: { field, pattern } })}
          >
            Try it
          </Button>
          <Button type="submit" disabled={pattern === ''} loading={create.isPending}>
            Add
          </Button>
        </Group>
        <FormProblem error={trial.error ?? create.error} />
        {trial.data !== undefined && <Trial trial={trial.data} />}
      </Stack>
    </ApiForm>
  )
}

const stands = { person: ' · stays, a person said so', member: ' · stays, it is a member’s' } as const

function Trial({ trial }: { readonly trial: BotPatternTrial }) {
  return (
    <div>
      <Text component="output">{`It fits ${count(trial.total, 'account')}; ${trial.newly} would newly count as ${trial.newly === 1 ? 'a program' : 'programs'}.`}</Text>
      {trial.items.map((one) => (
        <Group key={one.id} gap="xs">
          <AccountName account={one} />
          {one.stands !== null && (
            <Text size="xs" c="dimmed">
              {stands[one.stands]}
            </Text>
          )}
        </Group>
      ))}
    </div>
  )
}
