import { MultiSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { teamsQuery } from '../../../api/teams.ts'
import { orderTeams } from './order-teams.ts'

type TeamFilterProps = {
  readonly chosen: readonly string[]
  readonly onChange: (teams: string[]) => void
  readonly description?: string
  /** In pixels; as wide as there is room where it is left out. */
  readonly width?: number
}

/** Teams with all below them. */
export function TeamFilter({ chosen, onChange, description, width }: TeamFilterProps) {
  const teams = useQuery(teamsQuery)
  const data = orderTeams(teams.data?.items ?? [], '').map(({ id, name, depth }) => ({
    value: id,
    label: `${'· '.repeat(depth)}${name}`,
  }))
  return (
    <MultiSelect
      label="Teams"
      description={description}
      placeholder={chosen.length === 0 ? 'All' : ''}
      searchable
      clearable
      {...(width !== undefined && { w: width })}
      value={[...chosen]}
      onChange={onChange}
      data={data}
      nothingFoundMessage={teams.isError ? 'Teams could not be read.' : 'No such team. Teams are made in Settings.'}
    />
  )
}
