import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contributor } from '../../../../contract/access/contributors.ts'
import { contributorTitles } from '../../../../src/domain/remote-kind.ts'
import { accountMenuQuery } from '../../../api/teams.ts'

type AccountSelectProps = {
  readonly label: string
  readonly description?: string
  readonly account: Contributor | null
  readonly onChange: (account: Contributor | null) => void
}

/** Finds an account by a part of its name. */
export function AccountSelect({ label, description, account, onChange }: AccountSelectProps) {
  const [text, setText] = useState('')
  const [searched] = useDebouncedValue(text, 250)
  const found = useQuery(accountMenuQuery(searched)).data?.items ?? []
  // The chosen one stays one to be chosen, whatever is searched for.
  const items = account === null || found.some(({ id }) => id === account.id) ? found : [account, ...found]
  return (
    <Select
      label={label}
      description={description}
      placeholder="A part of the name"
      searchable
      clearable
      w={320}
      value={account?.id ?? null}
      searchValue={text}
      onSearchChange={setText}
      onChange={(id) => onChange(items.find((one) => one.id === id) ?? null)}
      nothingFoundMessage="No account is called so"
      filter={({ options }) => options}
      data={items.map((one) => ({ value: one.id, label: labelOf(one) }))}
    />
  )
}

function labelOf({ name, nickname, kind, parts }: Contributor): string {
  const others = parts.length === 0 ? [] : [`with ${parts.length} more`]
  const nick = nickname === null || nickname === name ? [] : [nickname]
  return [name, ...nick, contributorTitles[kind], ...others].join(' · ')
}
