import type { AssetTraits } from './score-asset.ts'

/** Open vulnerabilities, and of those step by step the ones that matter most: each step counts within the one before. */
export type Funnel = { open: number; highImpact: number; internetFacing: number; sensitiveData: number }

/** The funnel over assets, each with its number of open vulnerabilities on the default branch. */
export function countFunnel(assets: readonly (AssetTraits & { open: number })[]): Funnel {
  const highImpact = assets.filter(({ businessImpact }) => businessImpact === 'high')
  const internetFacing = highImpact.filter(({ exposure }) => exposure === 'internet')
  const sensitiveData = internetFacing.filter(({ hasSensitiveData }) => hasSensitiveData)
  return {
    open: count(assets),
    highImpact: count(highImpact),
    internetFacing: count(internetFacing),
    sensitiveData: count(sensitiveData),
  }
}

function count(assets: readonly { open: number }[]): number {
  return assets.reduce((sum, { open }) => sum + open, 0)
}
