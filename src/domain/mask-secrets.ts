import { firstUnits } from '../lib/cut-text.ts'
import { isProseWord } from './prose-word.ts'

const mask = '••••••'
const alreadyMasked = /^[^]{0,2}••••••$/
/*
 * Every pattern takes time in proportion to the text, whatever it is: what may repeat without end begins at a sign that it
 * cannot itself contain, so that no stretch is read from each of its places.
 */
const pem = /-----BEGIN [A-Z0-9 ]{0,40}-----[\s\S]*?(-----END [A-Z0-9 ]{0,40}-----|$)/g
/** An apostrophe behind a letter is none of a string, unless the letters are a prefix as in Python's `b'…'`. */
const quoted =
  /(?<!\\)((?<![A-Za-z•])'|(?<=(?<![A-Za-z])[bBfFrRuU]{1,2})'|["`])(?:((?:\\[^\n]|(?!\1)[^\\\n]){4,})\1|((?:\\[^\n]|(?!\1)[^\\\n]){0,3})\1(?![A-Za-z]))/g
/** JSON inside JSON: every stretch from an escaped quote to the next one. */
const escaped = /(\\["'`])([^"'`\n]{4,})(?=["'`])/g
const value = String.raw`(?:[^\s"'\x60,;(){}<>\\]|\\(?!["'\x60]))`
/** A name that says "secret", a sign, and brackets or quotes that may stand around: however short, what follows is one. */
const named = new RegExp(
  String.raw`((?:passw\w{0,20}|passphrase|secret|pwd|pass|pw)["'\x60\\]{0,8}[ \t]*(?:[=:]{1,3}>?|>)[ \t]*[{("'\x60\\]{0,8})(${value}+)`,
  'gi',
)
/** `Bearer token abc`: the last of such words announces, and each of them is long enough to be what another announces. */
const announced = new RegExp(
  String.raw`(?<![A-Za-z])((?:(?:bearer|basic|token|passw[a-z]{0,20}|passphrase|secret|pwd|pass)\s+)+)(${value}{3,})`,
  'gi',
)
/** The scheme of an `Authorization` header says nothing secret once what follows it is masked. */
const assigned = new RegExp(String.raw`([=:]\s*)(?!(?:bearer|basic|token)\s+[^\s•]{0,2}•)(${value}{4,})`, 'gi')
const machineMade = /[A-Za-z0-9+/_=.-]{16,}/g

/** The text with whatever may be a secret in it masked to its first two characters, or to none if it is short; code around it stays readable. */
export function maskSecrets(text: string): string {
  return text
    .replace(pem, `-----BEGIN ${mask}-----`)
    .replace(named, (_, before: string, secret: string) => `${before}${hide(secret)}`)
    .replace(quoted, (whole, quote: string, inner?: string) =>
      inner === undefined ? whole : `${quote}${hide(inner)}${quote}`,
    )
    .replace(escaped, (_, quote: string, inner: string) => `${quote}${hideBeforeBackslashes(inner)}`)
    .replace(announced, (whole, before: string, secret: string) =>
      isProseWord(secret) ? whole : `${before}${hide(secret)}`,
    )
    .replace(assigned, (_, before: string, secret: string) => `${before}${hide(secret)}`)
    .replace(machineMade, (run) => (/\d/.test(run) && /[A-Za-z]/.test(run) ? hide(run) : run))
}

/** Four characters or fewer would be half given away by two. */
function hide(secret: string): string {
  if (alreadyMasked.test(secret)) return secret
  // A quote or backslash left over would pair with one outside.
  const shown = secret.length <= 4 ? '' : firstUnits(secret, 2).replace(/["'`\\\s•]/g, '')
  return `${shown}${mask}`
}

/** The backslashes at the end belong to the quote that follows. */
function hideBeforeBackslashes(inner: string): string {
  let end = inner.length
  while (end > 0 && inner[end - 1] === '\\') end -= 1
  return end < 4 ? inner : hide(inner.slice(0, end)) + inner.slice(end)
}
