import { type CookieBrowser, createCookieBrowser } from './cookie-browser.ts'
import type { SimulatorFacts } from './processes.ts'

/** Where an item is on the simulated Bitbucket's pages, read from the address Weir keeps of it. */
type ItemPlace = { comments: string; parent: string | null; base: string; kind: 'issue' | 'pull-request' | 'commit' }

function placeOf(url: string): ItemPlace {
  const issue = /^(.*\/issues\/\d+)/.exec(url)
  if (issue?.[1] !== undefined) return { kind: 'issue', base: issue[1], comments: `${issue[1]}/comments`, parent: null }
  const thread = /^(.*\/(pull-requests|commits)\/[0-9a-f]+)[^#]*#comment-(\d+)/.exec(url)
  const [, base, kind, parent] = thread ?? []
  if (base === undefined || parent === undefined) throw new Error(`no item to be read from ${url}`)
  return { kind: kind === 'commits' ? 'commit' : 'pull-request', base, comments: `${base}/comments`, parent }
}

/** A developer at the simulated Bitbucket's own web pages. */
export type Developer = {
  browser: CookieBrowser
  comment: (itemUrl: string, text: string) => Promise<{ edit: (text: string) => Promise<void> }>
  /** Says "done": closes the issue, or resolves the thread. Answers false where there is nothing to close. */
  close: (itemUrl: string) => Promise<boolean>
  read: (itemUrl: string) => Promise<string>
}

export async function logInAsDeveloper(
  facts: SimulatorFacts,
  username: string,
  stopAt?: (url: string) => boolean,
): Promise<Developer> {
  const person = facts.users.find((user) => user.username === username)
  if (person === undefined) throw new Error(`the simulated Bitbucket has no ${username}`)
  const browser = createCookieBrowser(stopAt === undefined ? {} : { stopAt })
  await browser.submit(`${facts.web}/account/signin/`, { username, password: person.password })
  return {
    browser,
    async comment(itemUrl, text) {
      const { comments, parent } = placeOf(itemUrl)
      const page = await browser.submit(comments, { content: text, ...(parent === null ? {} : { parent }) })
      const id = /#comment-(\d+)/.exec(page.url)?.[1]
      if (id === undefined) throw new Error(`no comment came of it: ${page.url}`)
      return {
        async edit(newText) {
          await browser.submit(`${comments}/${id}/edit`, { content: newText })
        },
      }
    },
    async close(itemUrl) {
      const { kind, base, comments, parent } = placeOf(itemUrl)
      if (kind === 'commit') return false
      if (kind === 'issue') await browser.submit(`${base}/state`, { state: 'resolved', message: '' })
      else await browser.submit(`${comments}/${parent}/resolve`, {})
      return true
    },
    async read(itemUrl) {
      return (await browser.open(itemUrl)).body
    },
  }
}
