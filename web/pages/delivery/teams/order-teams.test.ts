import { expect, test } from 'vitest'
import { orderTeams } from './order-teams.ts'

const team = (id: string, parent_id: string | null) => ({
  id,
  parent_id,
  name: `Team ${id}`,
  people: 0,
  repositories: 0,
})
const teams = [team('a', null), team('b', 'c'), team('c', 'a'), team('d', null)]
const read = (text: string) => orderTeams(teams, text).map(({ id, depth }) => `${id}${depth}`)

test('teams stand below the one they belong to, and a search shows what it finds with all above', () => {
  expect(read('')).toEqual(['a0', 'c1', 'b2', 'd0'])
  expect(read('team B ')).toEqual(['a0', 'c1', 'b2'])
  expect(read('nobody')).toEqual([])
})
