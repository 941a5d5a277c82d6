import { readFileSync } from 'node:fs'

/** The style of a simulator's pages: what all of them look like, then what is its own. */
export function readStyle(own: URL): string {
  return [new URL('pages.css', import.meta.url), own].map((url) => readFileSync(url, 'utf8')).join('\n')
}
