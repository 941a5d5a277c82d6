/** What a finding is about; it decides what it is known again by. */
export const findingKinds = ['code', 'dependency', 'secret', 'configuration', 'web'] as const
export type FindingKind = (typeof findingKinds)[number]
