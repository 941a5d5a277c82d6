import type { Team } from '../../../../contract/delivery/teams.ts'

export type PlacedTeam = Team & { readonly depth: number }

/** Teams as a tree is read: each followed by those below it. With a text: those whose name holds it, with all above. */
export function orderTeams(teams: readonly Team[], text: string): PlacedTeam[] {
  const byId = new Map(teams.map((team) => [team.id, team]))
  const shown = new Set<string>()
  for (const team of teams)
    if (team.name.toLowerCase().includes(text.trim().toLowerCase()))
      for (let one: Team | undefined = team; one !== undefined && !shown.has(one.id); )
        one = (shown.add(one.id), one.parent_id === null ? undefined : byId.get(one.parent_id))
  const below = Map.groupBy(teams, (team) => team.parent_id)
  const placed: PlacedTeam[] = []
  const walk = (parent: string | null, depth: number) => {
    for (const team of below.get(parent) ?? [])
      if (shown.has(team.id)) {
        placed.push({ ...team, depth })
        walk(team.id, depth + 1)
      }
  }
  walk(null, 0)
  return placed
}
