import { formatNumber } from '../../../ui/words.ts'

/** How many there are beside a filter: `12`, `12+` where no more were counted, a dash where that is not known at all. */
export function facetAmount(amount: number | undefined, isExact: boolean): string {
  if (amount === undefined || (amount === 0 && !isExact)) return '–'
  return `${formatNumber(amount)}${isExact ? '' : '+'}`
}
