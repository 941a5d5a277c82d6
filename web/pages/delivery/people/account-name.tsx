import { Text } from '@mantine/core'
import { type ContributorKind, contributorTitles } from '../../../../src/domain/remote-kind.ts'

type AccountNameProps = {
  readonly account: { readonly kind: ContributorKind; readonly name: string; readonly nickname: string | null }
}

/** An account by its name, with where it is and what it is called there. */
export function AccountName({ account }: AccountNameProps) {
  const { kind, name, nickname } = account
  return (
    <>
      <Text fw={600} className="break">
        {name}
      </Text>
      <Text size="xs" c="dimmed" className="break">
        {[contributorTitles[kind], ...(nickname === null || nickname === name ? [] : [nickname])].join(' · ')}
      </Text>
    </>
  )
}
