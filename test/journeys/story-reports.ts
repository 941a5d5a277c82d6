import { placesOf, toSarif } from '../../scripts/demo/reports.ts'

export const sent = 'Product preview writes a query parameter into HTML'
export const dismissed = 'Passwords hashed with MD5'

/** A commit no repository has: the item then hangs on the head of the branch, as for a scan of a local checkout. */
const commit = 'a'.repeat(40)
export const report = () => ({ name: 'heron.sarif', text: toSarif(placesOf('storefront-api'), commit) })
export const reportWithoutSent = () => ({
  name: 'heron-after-the-fix.sarif',
  text: toSarif(
    placesOf('storefront-api').filter((place) => place.title !== sent),
    commit,
  ),
})
