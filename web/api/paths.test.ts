import { expect, test } from 'vitest'
import { allRoutes } from '../../contract/routes.ts'
import { paths } from './paths.ts'

test('the page calls every route by the method and path of the contract', () => {
  const contract = Object.fromEntries(allRoutes.map((route) => [route.id, `${route.method} ${route.path}`]))
  expect(paths).toEqual(contract)
})
