import { Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { Contributor } from '../../../../contract/access/contributors.ts'
import { useMergeContributors } from '../../../api/teams.ts'
import { Panel } from '../../../ui/panel.tsx'
import { FormProblem } from '../../../ui/states.tsx'
import { AccountSelect } from './account-select.tsx'

/** Merges two accounts that somebody knows to be one person's. */
export function MergeTwoPanel() {
  const [into, setInto] = useState<Contributor | null>(null)
  const [from, setFrom] = useState<Contributor | null>(null)
  const merge = useMergeContributors()
  const run = () => {
    if (from === null || into === null) return
    merge.mutate(
      { body: { merges: [{ from: from.id, into: into.id }], source: 'person' } },
      { onSuccess: ({ merged }) => merged > 0 && setFrom(null) },
    )
  }
  const choose = (set: (account: Contributor | null) => void) => (account: Contributor | null) => {
    merge.reset()
    set(account)
  }
  const refused = merge.data?.refused[0]?.reason
  return (
    <Panel title="Merge two accounts" lead="Where you know that two are one person, and nothing here suggests it.">
      <Stack gap="sm">
        <Group align="flex-start">
          <AccountSelect
            label="Person"
            description="Stays, and stands for both"
            account={into}
            onChange={choose(setInto)}
          />
          <AccountSelect
            label="Also theirs"
            description="Becomes a part of the person"
            account={from}
            onChange={choose(setFrom)}
          />
        </Group>
        {from !== null && into !== null && <Preview from={from} into={into} />}
        <FormProblem error={merge.error} />
        {refused !== undefined && (
          <Text role="alert" fw={600}>
            {refused}
          </Text>
        )}
        {merge.data !== undefined && merge.data.merged > 0 && (
          <Text component="output">Merged. The history below takes it back.</Text>
        )}
        <Group justify="flex-end">
          <Button
            disabled={from === null || into === null || from.id === into.id}
            loading={merge.isPending}
            onClick={run}
          >
            Merge
          </Button>
        </Group>
      </Stack>
    </Panel>
  )
}

/** What the merge would make of both. */
function Preview({ from, into }: { readonly from: Contributor; readonly into: Contributor }) {
  if (from.id === into.id) return <Text c="dimmed">These are the same account.</Text>
  const parts = [from.name, ...from.parts.map(({ name }) => name)]
  const member = into.member ?? from.member
  return (
    <Stack gap={2}>
      <Text className="break">{`${parts.join(', ')} will count as ${into.name}, back to the first commit.`}</Text>
      {into.parts.length > 0 && (
        <Text
          size="sm"
          c="dimmed"
          className="break"
        >{`${into.name} already has ${into.parts.map(({ name }) => name).join(', ')}.`}</Text>
      )}
      {member !== null && <Text size="sm" c="dimmed" className="break">{`The member ${member.name}.`}</Text>}
      {from.is_bot !== into.is_bot && (
        <Text
          size="sm"
          fw={600}
        >{`One of them is taken for a program: both will count as ${into.is_bot ? 'a program' : 'a person'}.`}</Text>
      )}
    </Stack>
  )
}
