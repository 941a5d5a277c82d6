/**
 * Does the work of a round for each organization and answers the sum of what they answer. One that fails stops none of the
 * others: afterwards all failures are thrown as one `AggregateError` whose message names the organizations.
 */
export async function forEachOrganization(
  organizationIds: readonly string[],
  work: (organizationId: string) => Promise<number>,
): Promise<number> {
  const failed: { organizationId: string; error: unknown }[] = []
  let count = 0
  for (const organizationId of organizationIds) {
    try {
      count += await work(organizationId)
    } catch (error) {
      failed.push({ organizationId, error })
    }
  }
  if (failed.length === 0) return count
  const names = failed.map((one) => one.organizationId).join(', ')
  throw new AggregateError(
    failed.map((one) => one.error),
    `the round failed for ${failed.length} of ${organizationIds.length} organizations: ${names}`,
  )
}
