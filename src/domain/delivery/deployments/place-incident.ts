/** What an issue says of where it belongs. */
export type IncidentPlaces = {
  /** Texts of the field that was chosen for it. */
  field: readonly string[]
  labels: readonly string[]
  components: readonly string[]
}

/** A repository by its id, as `workspace/slug`. */
export type PlaceableRepository = { id: string; path: string }

const labelMark = /^repo(?:sitory)?[:=](.+)$/i

/**
 * The repository an incident belongs to: the first that the chosen field, else a label `repo:slug`, else a component
 * names, as `slug` or `workspace/slug` in any case. Undefined where none is named; a slug two workspaces have names none.
 */
export function placeIncident(
  { field, labels, components }: IncidentPlaces,
  repositories: readonly PlaceableRepository[],
): string | undefined {
  const marked = labels.flatMap((label) => labelMark.exec(label)?.[1] ?? [])
  for (const name of [...field, ...marked, ...components]) {
    const found = findByName(name, repositories)
    if (found !== undefined) return found
  }
  return undefined
}

function findByName(name: string, repositories: readonly PlaceableRepository[]): string | undefined {
  const wanted = name.trim().toLowerCase()
  if (wanted === '') return undefined
  const isSo = wanted.includes('/')
    ? ({ path }: PlaceableRepository) => path.toLowerCase() === wanted
    : ({ path }: PlaceableRepository) => path.toLowerCase().endsWith(`/${wanted}`)
  const [found, ...others] = repositories.filter(isSo)
  return others.length === 0 ? found?.id : undefined
}
