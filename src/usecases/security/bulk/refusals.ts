import type { Status } from '../../../domain/status.ts'

// Said of one vulnerability, and counted by the sentence: so no sentence names the vulnerability.

export const mergedAway = 'It was merged into another vulnerability.'
export const gone = 'It is no longer there.'
export const tooManyTags = 'It would have more than 50 tags.'

export function noMove(from: Status, to: Status): string {
  return `From "${words(from)}" there is no move to "${words(to)}" for you.`
}

export function already(what: string): string {
  return `It is ${words(what)} already.`
}

export function conflict(what: string, value: string): string {
  return `Somebody changed its ${what} in the meantime: it is ${words(value)} now.`
}

export function touched(name: string | null): string {
  return name === null ? 'It was changed since.' : `${name} changed it since.`
}

export function words(text: string): string {
  return text.replaceAll('_', ' ')
}
