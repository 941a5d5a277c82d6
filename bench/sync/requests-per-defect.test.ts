import { expect, test } from 'vitest'
import { itemPlaces, measureRequestsPerDefect } from './requests-per-defect.ts'

/** What a scan of some size brings: where they go is looked up once for all of them. */
const defects = 20

test.each(itemPlaces)(
  '%s: items are made, discussed and closed with hardly more requests than it takes',
  async (place) => {
    const spent = await measureRequestsPerDefect(place, { defects })
    expect(spent.least).toBeGreaterThan(2)
    expect(spent.ratio).toBeGreaterThanOrEqual(1)
    expect(spent.ratio).toBeLessThanOrEqual(1.2)
  },
)
