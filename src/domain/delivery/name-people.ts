/** Somebody who did something to a pull request; `name` null: whoever it is, nobody may see it here. */
export type NamedPerson = {
  role: 'author' | 'reviewer' | 'other' | 'program' | 'unknown'
  number: number | null
  name: string | null
}

export type PersonAtWork = { id: string; name: string; isBot: boolean }

/**
 * Names the people of one pull request, in the order in which they are asked for. Where the organization shows no figures of
 * single persons they are told apart by number: *reviewer 2*. Programs always have their name.
 */
export function createNaming({
  authorId,
  reviewerIds,
  showsNames,
}: {
  authorId: string | null
  reviewerIds: ReadonlySet<string>
  showsNames: boolean
}): (person: PersonAtWork | null) => NamedPerson {
  const numbers = new Map<string, number>()
  const counts = { reviewer: 0, other: 0 }
  const numberOf = (id: string, role: 'reviewer' | 'other'): number => {
    const number = numbers.get(id) ?? (counts[role] += 1)
    numbers.set(id, number)
    return number
  }
  return (person) => {
    if (person === null) return { role: 'unknown', number: null, name: null }
    const { id, isBot } = person
    const name = showsNames || isBot ? person.name : null
    if (isBot) return { role: 'program', number: null, name }
    if (id === authorId) return { role: 'author', number: null, name }
    const role = reviewerIds.has(id) ? 'reviewer' : 'other'
    return { role, number: numberOf(id, role), name }
  }
}
