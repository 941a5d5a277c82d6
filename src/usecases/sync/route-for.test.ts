import { expect, test } from 'vitest'
import { routeFor } from './route-for.ts'

const routes = [
  { asset_id: null, branch: null, tracker: 'default', settings: {} },
  { asset_id: 'a', branch: null, tracker: 'of asset', settings: {} },
  { asset_id: 'a', branch: 'release', tracker: 'of branch', settings: {} },
]

test.each([
  ['a', 'release', 'of branch'],
  ['a', 'main', 'of asset'],
  ['b', 'main', 'default'],
])('asset %s on %s goes %s', (assetId, branch, tracker) => {
  expect(routeFor(routes, { assetId, branch })?.tracker).toBe(tracker)
})

test('without any route there is none', () => {
  expect(routeFor([], { assetId: 'a', branch: 'main' })).toBeUndefined()
})
