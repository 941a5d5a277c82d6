/**
 * What a rule of a category looks at: the branch that is merged, the title, the repository's name, any of its labels, any
 * file it changed, or whether it remedies a vulnerability.
 */
export const investmentFields = ['branch', 'title', 'repository', 'label', 'path', 'vulnerability'] as const
export type InvestmentField = (typeof investmentFields)[number]
