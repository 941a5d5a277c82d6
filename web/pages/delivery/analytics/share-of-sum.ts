/** The share of each part in the sum of all, 0 to 1; null where nothing is known or there is nothing to share. */
export function shareOfSum(values: readonly (number | null)[]): (number | null)[] {
  const sum = values.reduce<number>((all, value) => all + (value ?? 0), 0)
  return values.map((value) => (value === null || sum === 0 ? null : value / sum))
}
