import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core'
import type { Contributor } from '../../../../contract/access/contributors.ts'
import { useUpdateContributor } from '../../../api/contributors.ts'

export type Choice = { readonly id: string; readonly name: string }

/** A select knows texts alone; no member has such an id. */
const program = 'program'

function describeLink({ linked_by: by }: Contributor): string | null {
  switch (by) {
    case 'email':
      return 'By the e-mail address shown there'
    case 'account':
      return 'Their account at the other remote is the same'
    case 'person':
    case null:
      return null
    default:
      return by satisfies never
  }
}

function OwnerName({ account }: { readonly account: Contributor }) {
  if (account.is_bot) return <Text c="dimmed">A program</Text>
  return account.member === null ? (
    <Text c="dimmed">Nobody here</Text>
  ) : (
    <Text className="break">{account.member.name}</Text>
  )
}

type AccountOwnerProps = {
  readonly account: Contributor
  readonly members: readonly Choice[]
  readonly mayWrite: boolean
}

/** Whose an account is, and for who may say so a choice of everybody. */
export function AccountOwner({ account, members, mayWrite }: AccountOwnerProps) {
  const update = useUpdateContributor()
  const { id, member, suggestion } = account
  const why = describeLink(account)
  const link = (value: string) => {
    const body =
      value === program
        ? { member_id: null, is_bot: true }
        : { member_id: value === '' ? null : value, ...(account.is_bot && { is_bot: false }) }
    update.mutate({ params: { id }, body })
  }
  const known = member === null || members.some((one) => one.id === member.id) ? members : [member, ...members]
  return (
    <Stack gap={4}>
      {mayWrite ? (
        <NativeSelect
          size="xs"
          aria-label={`Member who has the account ${account.name}`}
          value={account.is_bot ? program : (member?.id ?? '')}
          disabled={update.isPending}
          onChange={(event) => link(event.currentTarget.value)}
          data={[
            { value: '', label: 'Nobody here' },
            { value: program, label: 'A program' },
            ...known.map((one) => ({ value: one.id, label: one.name })),
          ]}
          error={update.error?.detail}
        />
      ) : (
        <OwnerName account={account} />
      )}
      {why !== null && (
        <Text size="xs" c="dimmed">
          {why}
        </Text>
      )}
      {mayWrite && suggestion !== null && (
        <Group gap={6}>
          <Text size="xs" c="dimmed">
            The same name:
          </Text>
          <Button size="compact-xs" variant="default" loading={update.isPending} onClick={() => link(suggestion.id)}>
            {`Link to ${suggestion.name}`}
          </Button>
        </Group>
      )}
    </Stack>
  )
}
