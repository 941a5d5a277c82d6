import { Text } from '@mantine/core'
import type { Asset } from '../../../../contract/security/assets.ts'
import { Panel } from '../../../ui/panel.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'

type Repository = NonNullable<Asset['repository']>

/** Weir knows a repository by its UUID; what happened to its name, its place or our access is said here. */
export function RepositoryNote({ repository }: { readonly repository: Repository }) {
  switch (repository.state) {
    case 'gone':
      return (
        <Panel title="The repository is gone from Bitbucket">
          <Text>
            It was deleted, or the credential no longer sees it. Its vulnerabilities, items and conversations stay here;
            nothing is sent until it is back.
          </Text>
        </Panel>
      )
    case 'forbidden':
      return (
        <Panel title="Weir may no longer read the repository">
          <Text>
            Give the account of the connection access to it in Bitbucket. What waits goes on by itself, and nothing is
            lost.
          </Text>
        </Panel>
      )
    case 'here':
    case 'renamed':
      return <Renamed repository={repository} />
    default:
      return repository.state satisfies never
  }
}

function Renamed({
  repository: { former_name: formerName, renamed_at: renamedAt },
}: {
  readonly repository: Repository
}) {
  if (formerName === null || renamedAt === null) return null
  return (
    <Text size="sm" c="dimmed" mb="sm" className="break">
      {`Called ${formerName} until it was renamed or moved `}
      <TimeAgo at={renamedAt} />
      {'; Weir followed it.'}
    </Text>
  )
}
