import { escapeHtml } from './escape-html.ts'
import type { MarkdownPlace } from './markdown-place.ts'

export interface Found {
  html: string
  end: number
}

/** Control characters, the space and what is not ASCII's business: browsers drop some of them before they read a scheme. */
const invisible = /[\p{Cc}\p{Zs}\u2028\u2029\u200b-\u200f\ufeff]/u

/** An address that is safe to follow: of the web, for mail, or relative. */
export function isSafeAddress(address: string): boolean {
  if (address === '' || invisible.test(address)) return false
  return /^(https?:\/\/|mailto:)/i.test(address) || !/^[^/?#]*:/.test(address)
}

function anchor(address: string, label: string): string {
  return `<a href="${escapeHtml(address)}" rel="nofollow" class="ap-connect-link">${label}</a>`
}

/** A link somebody wrote out, to a safe address. */
export function writtenLink(label: string, { address, title }: Target): string {
  const named = title === undefined ? '' : ` title="${escapeHtml(title)}"`
  return `<a data-is-external-link="true" href="${escapeHtml(address)}" rel="nofollow"${named}>${label}</a>`
}

export function image(alt: string, { address, title }: Target): string {
  const named = title === undefined ? '' : ` title="${escapeHtml(title)}"`
  return `<img alt="${escapeHtml(alt)}" src="${escapeHtml(address)}"${named} />`
}

export interface Target {
  address: string
  title: string | undefined
  end: number
}

// Every part has a bound, and no two parts begin alike: text that is no link is given up after a few characters.
const target =
  /\(\s{0,9}(?:<([^<>\n]{0,2000})>|((?:[^\s()<>]|\([^\s()<>]{0,500}\)){0,2000}))(?:\s{1,9}(?:"([^"\n]{0,500})"|'([^'\n]{0,500})'))?\s{0,9}\)/y

/** `(address "title")` at this place. */
export function readTarget(text: string, at: number): Target | undefined {
  target.lastIndex = at
  const match = target.exec(text)
  if (match === null) return undefined
  return { address: match[1] ?? match[2] ?? '', title: match[3] ?? match[4], end: target.lastIndex }
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at
  return pattern.exec(text) ?? undefined
}

const angleAddress = /<(https?:\/\/[^\s<>]{1,2000})>/iy
const angleMail = /<([\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})>/y

/** Addresses for mail are written as numbers, against those who collect them. */
function asNumbers(text: string): string {
  return [...text].map((character) => `&#${character.codePointAt(0)};`).join('')
}

/** `<https://…>` and `<somebody@example.com>`. */
export function readAngles(text: string, at: number): Found | undefined {
  const web = matchAt(angleAddress, text, at)
  if (web !== undefined) {
    const address = web[1] ?? ''
    return isSafeAddress(address) ? { html: anchor(address, escapeHtml(address)), end: at + web[0].length } : undefined
  }
  const mail = matchAt(angleMail, text, at)
  if (mail === undefined) return undefined
  const address = mail[1] ?? ''
  return { html: `<a href="${asNumbers(`mailto:${address}`)}">${asNumbers(address)}</a>`, end: at + mail[0].length }
}

/** Without the full stop of its sentence, and without a bracket that was opened before it. */
function trimAddress(address: string): string {
  let end = address.length
  let closing = address.split(')').length - address.split('(').length
  for (; end > 0; end -= 1) {
    const last = address[end - 1] ?? ''
    if (last === ')' && closing > 0) closing -= 1
    else if (!'.,;:!?\'"*_~]'.includes(last)) break
  }
  return address.slice(0, end)
}

/** As in the addresses of pull requests and issues: the first words of the title. */
function slugOf(title: string): string {
  const words = title
    .toLowerCase()
    .replace(/[^a-z0-9\s_-]/g, '')
    .split(/[\s_-]+/)
    .filter((word) => word !== '')
  let slug = ''
  for (const word of words) {
    const longer = slug === '' ? word : `${slug}-${word}`
    if (longer.length > 40) break
    slug = longer
  }
  return slug === '' ? '' : `/${slug}`
}

const bareAddress = /https?:\/\/[^\s<>]{1,2000}/iy
const pullRequest = /pull request #(\d{1,9})(?!\w)/iy
const issue = /(?:issue )?#(\d{1,9})(?!\w)/iy
const commit = /[0-9a-f]{7,40}(?![\w-])/y

function readNumber(text: string, at: number, place: MarkdownPlace): Found | undefined {
  const pull = matchAt(pullRequest, text, at)
  if (pull !== undefined) {
    const found = place.findPullRequest(Number(pull[1]))
    if (found === undefined) return undefined
    const address = `${place.web}/pull-requests/${Number(pull[1])}${slugOf(found.title)}`
    return { html: anchor(address, escapeHtml(pull[0])), end: at + pull[0].length }
  }
  const named = matchAt(issue, text, at)
  const found = named === undefined ? undefined : place.findIssue(Number(named[1]))
  if (named === undefined || found === undefined) return undefined
  const label = found.closed ? `<s>${escapeHtml(named[0])}</s>` : escapeHtml(named[0])
  const address = `${place.web}/issues/${Number(named[1])}${slugOf(found.title)}`
  return { html: anchor(address, label), end: at + named[0].length }
}

/** What becomes a link by itself where a word begins: addresses, pull requests, issues and commits. */
export function readAutomatic(text: string, at: number, place: MarkdownPlace | undefined): Found | undefined {
  const before = text[at - 1] ?? ''
  if (/\w/.test(before)) return undefined
  const web = matchAt(bareAddress, text, at)
  if (web !== undefined) {
    const address = trimAddress(web[0])
    if (!isSafeAddress(address) || /^https?:\/\/$/i.test(address)) return undefined
    return { html: anchor(address, escapeHtml(address)), end: at + address.length }
  }
  if (place === undefined) return undefined
  const hash = /[-/.@]/.test(before) ? undefined : matchAt(commit, text, at)
  // Plain numbers and plain words are no commits.
  if (hash !== undefined && /\d/.test(hash[0]) && /[a-f]/.test(hash[0]))
    return { html: anchor(`${place.web}/commits/${hash[0]}`, hash[0]), end: at + hash[0].length }
  return readNumber(text, at, place)
}
