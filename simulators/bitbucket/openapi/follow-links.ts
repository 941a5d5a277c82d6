import { isObject } from '../../shared/json.ts'
import type { Simulator } from '../simulator.ts'
import { asker } from '../try-api.ts'
import { session } from '../web/session.ts'

/** The addresses an answer links to: every `href` and `uri` in it, and what its rendered texts and pages link and show. */
function linksIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(linksIn)
  if (isObject(value))
    return Object.entries(value).flatMap(([name, member]) =>
      typeof member === 'string' && /^(href|uri|next|previous|announcement_url)$/.test(name)
        ? [member]
        : linksIn(member),
    )
  return typeof value === 'string' ? linksOfPage(value) : []
}

function linksOfPage(html: string): string[] {
  return [...html.matchAll(/<(?:a|img|link|script)\b[^>]*?\b(?:href|src)="([^"#]+)/g)].map(([, address = '']) =>
    address.replaceAll('&amp;', '&'),
  )
}

/** Links of one kind are alike but for ids, repositories and the files and branches in them. */
function kindOf(address: URL): string {
  const path = decodeURIComponent(address.pathname.replace(/%(?![0-9a-f]{2})/gi, '%25'))
    .replace(/^(\/2\.0\/repositories)?\/meadow-goods\/(?!workspace\b)[\w.-]+?(\.git)?(?=\/|$)/, '$1/{repository}$2')
    .replace(/\/(src|diff|diffstat|patch|branch|filehistory|branches|tags|compare)\/.*/, '/$1/…')
    .replace(/\{[0-9a-f-]+\}/g, '{uuid}')
    .replace(/\b[0-9a-f]{7,40}\b/g, '{hash}')
    .replace(/\b\d+\b/g, '{number}')
  return [path, ...[...address.searchParams.keys()].toSorted()].join(' ')
}

interface Follower {
  /** Follows what an answer links to, and what those answers link to; each kind of link once. */
  follow: (value: unknown) => Promise<void>
  /** `status address` of what led nowhere. */
  dead: string[]
  /** Kinds of links that were followed. */
  kinds: Set<string>
}

/**
 * Asks for links as the workspace's owner: those of the API with the API token, all others in a web session. `kinds`
 * are those that were followed before.
 */
export function followLinks(simulator: Simulator, kinds = new Set<string>()): Follower {
  const { sim, web, api } = simulator
  const owner = simulator.users.find((one) => one.role === 'owner')
  const [person] = sim.people
  if (owner === undefined || person === undefined) throw new Error('nobody owns the workspace')
  const cookie = session.open(sim, person).split(';')[0] ?? ''
  const ask = asker(simulator, `Bearer ${owner.api_token}`)
  const dead: string[] = []

  async function visit(address: URL): Promise<{ status: number; links: string[] }> {
    const isApi = address.href.startsWith(`${api}/`)
    const reply = isApi
      ? await ask('GET', address.href)
      : await asker(simulator, undefined)('GET', address.href, undefined, { cookie, accept: 'text/html,*/*' })
    const location = reply.headers.get('location')
    if (location !== null) return { status: reply.status, links: [new URL(location, address).href] }
    const isPage = /text\/html/.test(reply.headers.get('content-type') ?? '')
    return { status: reply.status, links: isPage ? linksOfPage(reply.text) : linksIn(reply.body) }
  }

  async function follow(value: unknown): Promise<void> {
    const waiting = linksIn(value)
    for (let link = waiting.shift(); link !== undefined; link = waiting.shift()) {
      // `git@host:…`: an address for ssh, which is not spoken here.
      if (link.startsWith('git@') || !URL.canParse(link, web)) continue
      const address = new URL(link, web)
      if (address.origin !== web || kinds.has(kindOf(address))) continue
      kinds.add(kindOf(address))
      const { status, links } = await visit(address)
      if (status >= 400) dead.push(`${status} ${address.href.slice(web.length)}`)
      waiting.push(...links)
    }
  }

  return { follow, dead, kinds }
}
