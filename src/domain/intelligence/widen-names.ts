/** By each name of an advisory the one that stands for all of its names. */
export type AliasLeaders = ReadonlyMap<string, string>

/** Of groups of names, as `groupAliases` makes them: the first of each leads it. */
export function toLeaders(groups: readonly (readonly string[])[]): AliasLeaders {
  return new Map(groups.flatMap((group) => group.map((name) => [name, group[0] ?? name] as const)))
}

/**
 * Adds to the names of advisories the ones that lead them, so that two names of one advisory meet in a third. What has no
 * name in the groups is handed back as it is.
 */
export function widenNames<One extends { readonly names: readonly string[] }>(
  ones: readonly One[],
  leaders: AliasLeaders,
): One[] {
  if (leaders.size === 0) return [...ones]
  return ones.map((one) => {
    const more = one.names.flatMap((name) => leaders.get(name) ?? []).filter((leader) => !one.names.includes(leader))
    return more.length === 0 ? one : { ...one, names: [...one.names, ...new Set(more)] }
  })
}
