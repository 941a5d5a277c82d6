/** What can be agreed on of a pull request, judged when it is merged. */
export const agreementKinds = ['first_review_within', 'reviewed_before_merge', 'size_at_most', 'linked_key'] as const
export type AgreementKind = (typeof agreementKinds)[number]

/** Kinds with a number: hours, or lines. */
export function hasThreshold(kind: AgreementKind): boolean {
  return kind === 'first_review_within' || kind === 'size_at_most'
}
