import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs, type Reply } from '../try-api.ts'

let simulator: Simulator
let mara: Ask
const shop = '/repositories/meadow-goods/storefront-api'
const pulls = `${shop}/pullrequests`

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  mara = askAs(simulator, 'mara-lind')
})
afterAll(async () => await simulator.close())

async function get(path: string, fields: string): Promise<Reply> {
  return await mara('GET', `${path}?fields=${encodeURIComponent(fields)}`)
}

function keys(value: unknown): string[] {
  return Object.keys(Object(value)).toSorted()
}

describe('of a single object', () => {
  test.each([
    ['slug', { slug: 'storefront-api' }],
    ['slug,is_private', { slug: 'storefront-api', is_private: true }],
    ['mainbranch.name', { mainbranch: { name: 'main' } }],
    ['mainbranch.*', { mainbranch: { name: 'main', type: 'branch' } }],
    ['-*,+slug', { slug: 'storefront-api' }],
    ['-*,+slug,+mainbranch.name', { slug: 'storefront-api', mainbranch: { name: 'main' } }],
    ['owner.type,workspace.slug', { owner: { type: 'team' }, workspace: { slug: 'meadow-goods' } }],
    ['slug,slug', { slug: 'storefront-api' }],
    ['slug,-slug', {}],
    ['nothing', {}],
    ['slug,nothing.at.all', { slug: 'storefront-api' }],
  ])('%s', async (fields, wanted) => {
    expect((await get(shop, fields)).body).toEqual(wanted)
  })

  test('- drops one field, - with a star empties it', async () => {
    const whole = keys((await mara('GET', shop)).body)
    expect(keys((await get(shop, '-links')).body)).toEqual(whole.filter((key) => key !== 'links'))
    expect((await get(shop, '-links.*')).at('links')).toEqual({})
    expect(keys((await get(shop, '-links,-owner,-workspace')).body)).toHaveLength(whole.length - 3)
    expect(keys((await get(shop, '-nothing')).body)).toEqual(whole)
  })

  test('+ adds what a condensed object leaves out, and keeps the rest', async () => {
    expect((await get(shop, 'owner.created_on')).at('owner')).toHaveProperty('created_on')
    const reply = await get(`${pulls}/4`, '+destination.repository.owner.display_name,+author.created_on')
    expect(reply.at('destination', 'repository', 'owner')).toEqual({ display_name: 'Meadow Goods' })
    expect(reply.at('destination', 'repository', 'name')).toBe('storefront-api')
    expect(reply.at('author', 'created_on')).toMatch(/^\d{4}/)
    expect(reply.at('title')).toEqual(expect.any(String))
    expect((await get(`${pulls}/4`, '+author.username')).at('author', 'username')).toBeUndefined()
  })

  test('a plus that is not encoded matches no field', async () => {
    expect((await mara('GET', `${shop}?fields=+slug`)).body).toEqual({})
    expect((await mara('GET', `${shop}?fields=slug,+is_private`)).body).toEqual({ slug: 'storefront-api' })
  })

  test('an empty parameter is none', async () => {
    expect(keys((await mara('GET', `${shop}?fields=`)).body)).toEqual(keys((await mara('GET', shop)).body))
  })
})

describe('of a listing', () => {
  test('names members with the prefix values', async () => {
    const reply = await get(pulls, 'values.id,values.author.display_name')
    expect(keys(reply.body)).toEqual(['values'])
    expect(keys(reply.values[0])).toEqual(['author', 'id'])
    expect(at(reply.values[0], 'author')).toEqual({ display_name: expect.any(String) })
    expect((await get(pulls, 'id')).body).toEqual({})
  })

  test('keeps the frame only when it is asked for', async () => {
    expect(keys((await get(pulls, 'size,page,pagelen')).body)).toEqual(['page', 'pagelen', 'size'])
    expect(keys((await mara('GET', `${pulls}?pagelen=1&fields=values.id,next`)).body)).toEqual(['next', 'values'])
    expect((await get(pulls, '-values,-size')).at('values')).toBeUndefined()
  })

  test('reviewers, participants and rendered are left out until they are asked for', async () => {
    const usual = (await mara('GET', pulls)).values[0]
    for (const field of ['reviewers', 'participants', 'rendered']) {
      expect(usual).not.toHaveProperty(field)
      expect((await get(pulls, `+values.${field}`)).values[0]).toHaveProperty(field)
      expect((await get(pulls, `values.${field}`)).values[0]).toHaveProperty(field)
    }
    const both = (await get(pulls, '+values.reviewers,+values.participants')).values[0]
    expect(keys(both)).toEqual([...keys(usual), 'participants', 'reviewers'].toSorted())
    expect((await mara('GET', `${pulls}/4`)).body).toHaveProperty('reviewers')
  })

  test('a star discovers them', async () => {
    expect((await get(pulls, '*')).values[0]).toHaveProperty('participants')
    expect((await get(pulls, 'values.*')).values[0]).toHaveProperty('participants')
  })

  test('walks through lists inside', async () => {
    const reply = await get(`${pulls}/6`, 'participants.user.display_name,participants.role')
    const people = reply.at('participants')
    const [first] = Array.isArray(people) ? people : []
    expect(keys(first)).toEqual(['role', 'user'])
    expect((await get(pulls, '-values.links.*.href')).values[0]).toHaveProperty('links.self', {})
  })

  test('the next page keeps the parameter', async () => {
    const reply = await mara('GET', `${pulls}?pagelen=1&fields=values.id%2Cnext`)
    expect(new URL(String(reply.at('next'))).searchParams.get('fields')).toBe('values.id,next')
  })
})

test('an answer to a write obeys fields too', async () => {
  const reply = await mara('PUT', `${pulls}/4?fields=title`, { title: 'Shorter' })
  expect(reply.body).toEqual({ title: 'Shorter' })
})
