import type { Locator, Page } from 'playwright-core'
import type { WeirWorld } from './weir-world.ts'

export type Member = { name: string; email: string; password: string }

export const admin: Member = { name: 'Mara Lind', email: 'mara@meadow-goods.example', password: 'reed and river bank' }
export const champion: Member = {
  name: 'Ines Calder',
  email: 'ines@meadow-goods.example',
  password: 'stone under the bridge',
}

/** A field by its label, with or without the star of a required one. */
export function field(place: Page | Locator, label: string): Locator {
  return place.getByLabel(new RegExp(`^${RegExp.escape(label)}( \\*)?$`))
}

export function button(place: Page | Locator, name: string): Locator {
  return place.getByRole('button', { name, exact: true })
}

export function heading(place: Page | Locator, name: string): Locator {
  return place.getByRole('heading', { name, exact: true })
}

/** The first start: the token of the log, the organization, its first administrator. */
export async function setUpWeir(page: Page, { url, weir }: WeirWorld, member: Member = admin): Promise<void> {
  await page.goto(url)
  await field(page, 'Setup token').fill(weir.app.setupToken ?? '')
  await field(page, 'Name of the organization').fill('Meadow Goods')
  await button(page, 'Continue').click()
  await field(page, 'Your name').fill(member.name)
  await field(page, 'E-mail').fill(member.email)
  await field(page, 'Password').fill(member.password)
  await button(page, 'Make the organization').click()
  await heading(page, 'Overview').waitFor()
}

export async function logIn(page: Page, { email, password }: Pick<Member, 'email' | 'password'>): Promise<void> {
  await field(page, 'E-mail').fill(email)
  await field(page, 'Password').fill(password)
  await button(page, 'Log in').click()
}

export async function logOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /account of/ }).click()
  await page.getByRole('menuitem', { name: 'Log out' }).click()
  await heading(page, 'Log in to Weir').waitFor()
}

/** A screen of the left menu. */
export async function goTo(page: Page, screen: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: screen }).click()
  await heading(page, screen).waitFor()
}

/** Makes an invitation and answers the link that is shown once. */
export async function invite(page: Page, email: string, role: RegExp): Promise<string> {
  await goTo(page, 'Settings')
  await button(page, 'Invite').click()
  const dialog = page.getByRole('dialog')
  await field(dialog, 'E-mail').fill(email)
  await dialog.getByRole('radio', { name: role }).check()
  await button(dialog, 'Make the link').click()
  const link = await dialog.locator('pre').innerText()
  await button(dialog, 'Done').click()
  return link.trim()
}

export async function acceptInvitation(page: Page, link: string, { name, password }: Member): Promise<void> {
  await page.goto(link)
  await field(page, 'Your name').fill(name)
  await field(page, 'Password').fill(password)
  await button(page, 'Join').click()
  await heading(page, 'Overview').waitFor()
}
