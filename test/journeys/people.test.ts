import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asOneStory } from './as-one-story.ts'
import {
  acceptInvitation,
  admin,
  button,
  champion,
  field,
  goTo,
  heading,
  invite,
  logIn,
  logOut,
  setUpWeir,
} from './entry-steps.ts'
import { openWeirWorld, type Person, type WeirWorld } from './weir-world.ts'

describe('people come into a new Weir', () => {
  let world: WeirWorld
  let mara: Person
  let ines: Person
  let link: string

  beforeAll(async () => {
    world = await openWeirWorld({ mode: '2026' })
    mara = await world.comeIn()
    ines = await world.comeIn()
  })
  afterAll(async () => world.close())
  asOneStory(() => ({ mara, ines }))

  test('the first page is the setup, and a wrong token does not open it', async () => {
    const { page } = mara
    mara.foresee({ status: 403, path: '/api/v1/setup' })
    await page.goto(world.url)
    await field(page, 'Setup token').fill('not-the-token-of-the-log')
    await field(page, 'Name of the organization').fill('Meadow Goods')
    await button(page, 'Continue').click()
    await field(page, 'Your name').fill(admin.name)
    await field(page, 'E-mail').fill(admin.email)
    await field(page, 'Password').fill(admin.password)
    await button(page, 'Make the organization').click()
    expect(await page.getByRole('alert').innerText()).toMatch(/token/i)
  })

  test('the token of the log makes the organization and its first administrator', async () => {
    await setUpWeir(mara.page, world)
    expect(await mara.page.getByRole('banner').innerText()).toContain('Meadow Goods')
  })

  test('a second setup is not offered', async () => {
    await ines.page.goto(`${world.url}/setup`)
    await heading(ines.page, 'Weir is set up already').waitFor()
  })

  test('the administrator logs out, meets a closed door, and logs in again where the way led', async () => {
    const { page } = mara
    await goTo(page, 'Assets')
    await logOut(page)
    await page.goto(`${world.url}/assets`)
    await heading(page, 'Log in to Weir').waitFor()
    mara.foresee({ status: 401, path: '/api/v1/session' })
    await logIn(page, { ...admin, password: 'a wrong password of mine' })
    expect(await page.getByRole('alert').innerText()).toMatch(/password/i)
    await logIn(page, admin)
    await heading(page, 'Assets').waitFor()
  })

  test('an invitation is a link that is shown once', async () => {
    link = await invite(mara.page, champion.email, /^Champion/)
    expect(link).toContain(`${world.url}/invitation#`)
    await mara.page.getByRole('cell', { name: champion.email, exact: true }).waitFor()
  })

  test('the invited champion joins with it in another browser', async () => {
    await acceptInvitation(ines.page, link, champion)
    await goTo(ines.page, 'Settings')
    await ines.page.getByText(`${champion.name} (you)`).waitFor()
  })

  test('the link works once', async () => {
    const stranger = await world.comeIn()
    await stranger.page.goto(link)
    const said = await stranger.page.getByRole('alert').innerText()
    expect(said).toMatch(/invitation/i)
    await stranger.leave()
  })

  test('a champion is not offered what only administrators may do', async () => {
    await goTo(ines.page, 'Settings')
    expect(await button(ines.page, 'Invite').count()).toBe(0)
    expect(await ines.page.getByRole('link', { name: 'Audit log' }).count()).toBe(0)
  })

  test('a changed password ends the other sessions and is the one that opens', async () => {
    const elsewhere = await world.comeIn()
    await elsewhere.page.goto(world.url)
    await logIn(elsewhere.page, champion)
    await heading(elsewhere.page, 'Overview').waitFor()

    const { page } = ines
    const renewed = 'a heron stands very still'
    await page.getByRole('link', { name: 'Password' }).click()
    await field(page, 'Current password').fill(champion.password)
    await field(page, 'New password').fill(renewed)
    await button(page, 'Change the password').click()
    await page.getByText('Password changed. Every other session has ended.').waitFor()

    await elsewhere.page.reload()
    await heading(elsewhere.page, 'Log in to Weir').waitFor()
    await elsewhere.leave()
    await logOut(page)
    await logIn(page, { email: champion.email, password: renewed })
    await heading(page, 'Overview').waitFor()
  })
})
