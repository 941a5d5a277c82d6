import { cutText } from '../lib/cut-text.ts'

/** Text that PostgreSQL and JSON both take: no NUL, no lone surrogates, at most `maxLength` UTF-16 units. */
export function cleanText(text: string, maxLength: number): string {
  return cutText(text, maxLength).replaceAll('\0', '\uFFFD').toWellFormed()
}
