/** How much an asset matters to the organization, from most to least. */
export const businessImpacts = ['high', 'medium', 'low'] as const
export type BusinessImpact = (typeof businessImpacts)[number]
