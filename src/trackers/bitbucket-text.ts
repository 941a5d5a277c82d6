import { listMarkdownText, mapMarkdownText } from '../lib/map-markdown-text.ts'

/** Zero-width space: nobody sees it, and Bitbucket reads no number and no mention across it. */
const gap = '\u200B'

/** Words that look like an issue of Jira and are none: taken for one, they would be hard to read and to copy. */
const standards =
  'CVE|CWE|CAPEC|GHSA|OSV|RFC|ISO|IEC|UTF|UCS|SHA|MD|AES|DES|RSA|TLS|SSL|HTTP|HTTPS|ES|ECMA|CVSS|OWASP|PCI|NIST|FIPS|PEP|ASVS|COVID'
const issueKey = String.raw`\b(?!(?:${standards})-)[A-Z][A-Z0-9_]{1,9}-[1-9]\d{0,8}\b(?!-)`
const commitHash = String.raw`\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{7,40}\b`
/** Copied as a whole: parts of it alone look like commits. */
const uuid = String.raw`\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b`
const spelled = String.raw`@\{([\w:.-]{1,128})\}`
const sign = String.raw`(?<![\w.+-])@(?=\w)|@(?=\{)|#(?=\d)`
const firing = new RegExp(`${spelled}|(${sign})|(${uuid}|${issueKey}|${commitHash})`, 'g')
const mayFire = /[@#]|-\d|[0-9a-f]{7}/

/**
 * A text for Bitbucket in which nothing becomes a link or calls somebody by chance: its autolinks are found after
 * Markdown is read, where a backslash no longer protects. Numbers and @ get a gap that nobody sees; hashes and keys, which
 * people copy, become code. `fromBitbucketText` takes both back. `@{account}` stays for the accounts of `named`.
 */
export function toBitbucketText(markdown: string, named: ReadonlyMap<string, string> = new Map()): string {
  if (!mayFire.test(markdown)) return markdown
  const ticks = freeTicks(markdown)
  const defuse = (text: string) =>
    text.replace(firing, (all: string, account?: string, _sign?: string, word?: string) => {
      if (word !== undefined) return `${gap}${ticks}${word}${ticks}${gap}`
      return account !== undefined && named.has(account) ? all : `${all.slice(0, 1)}${gap}${all.slice(1)}`
    })
  return mapMarkdownText(markdown, {
    text: defuse,
    // Bitbucket knows fewer addresses than Markdown does, and what looks like a mention ends one there.
    address: (text) => (/^<?https?:/i.test(text) && !/@\{|\[/.test(text) ? text : defuse(text)),
  })
}

/** A text of Bitbucket without what `toBitbucketText` put in; people take some of it along when they quote. */
export function fromBitbucketText(raw: string): string {
  return raw
    .replace(new RegExp(`${gap}(\`+)([0-9A-Za-z_-]{4,41})\\1${gap}`, 'g'), '$2')
    .replace(new RegExp(`([@#])${gap}`, 'g'), '$1')
}

/** As many back-ticks as stand nowhere in the text: others would end our code, or begin it too early. */
function freeTicks(markdown: string): string {
  const taken = new Set(
    listMarkdownText(markdown).flatMap((text) => (text.match(/`+/g) ?? []).map((run) => run.length)),
  )
  let length = 1
  while (taken.has(length)) length += 1
  return '`'.repeat(length)
}
