import type { BrowserContext, Page, Response } from 'playwright-core'

/** What the pages of one browser complained of. */
export type PageWatch = {
  /** Everything since the last call that nobody foresaw: console errors, page errors, dialogs, violations of the CSP. */
  takeTroubles: () => string[]
  /** An answer the journey provokes; the browser writes each refused request into its console. */
  foresee: (refusal: { status: number; path: string }) => void
  /** From now on a server that does not answer at all is no trouble. */
  foreseeLoss: () => void
}

/** The page asks for its session before anybody is logged in; the 401 is the answer it is after. */
const askedWithoutSession = { status: 401, path: '/api/v1/session' }

/** The browser's own line for a server that is not there. */
const lostLine = /^Failed to load resource: net::ERR_(CONNECTION|EMPTY|INCOMPLETE|NETWORK)/

/** The browser's own line for an answer of 400 and above carries only its status; the address stands in its location. */
const refusedLine = /^Failed to load resource: the server responded with a status of (\d+)/

export function watchPages(context: BrowserContext): PageWatch {
  const troubles: string[] = []
  const foreseen = [askedWithoutSession]
  let isLossForeseen = false
  const isForeseen = (status: number, url: string) =>
    foreseen.some((one) => one.status === status && new URL(url).pathname.startsWith(one.path))
  const watch = (page: Page) => {
    page.on('console', (message) => {
      if (message.type() !== 'error') return
      if (isLossForeseen && lostLine.test(message.text())) return
      const { url } = message.location()
      const status = Number(refusedLine.exec(message.text())?.[1])
      if (!Number.isNaN(status) && isForeseen(status, url)) return
      troubles.push(`console: ${message.text()} (${url})`)
    })
    page.on('pageerror', (error) => troubles.push(`page: ${error.message}`))
    page.on('dialog', (dialog) => {
      troubles.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('response', (response: Response) => {
      const status = response.status()
      if (status >= 500 && !isForeseen(status, response.url())) troubles.push(`answer: ${status} ${response.url()}`)
    })
  }
  context.on('page', watch)
  return {
    takeTroubles: () => troubles.splice(0),
    foresee: (refusal) => void foreseen.push(refusal),
    foreseeLoss: () => void (isLossForeseen = true),
  }
}
