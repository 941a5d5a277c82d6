/** A change that names something there is not, or wants what cannot be. */
export class ImpossibleChangeError extends Error {}

/** Does something, and answers what stands against it. `explain` knows the product's own refusals. */
export async function problemWith(
  work: () => void | Promise<void>,
  explain: (error: unknown) => string | undefined = () => undefined,
): Promise<string | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    const reason = error instanceof ImpossibleChangeError ? error.message : explain(error)
    if (reason === undefined) throw error
    return reason
  }
}
