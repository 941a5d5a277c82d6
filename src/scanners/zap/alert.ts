import type { Severity } from '../../domain/severity.ts'
import { htmlToText } from '../html-to-text.ts'
import { type Rating, rateFinding } from '../rate-finding.ts'
import { readCwes } from '../read-cwes.ts'

/** An alert of ZAP with the text of each of its fields, whichever language it was written in. */
export type Alert = {
  ruleId: string
  title: string
  description: string
  rating: Rating
  suppressed: string | null
  cwes: number[]
  helpUri: string | null
  /** ZAP tells a few examples of what is wrong everywhere: the site is the place. */
  isSystemic: boolean
  /** How many places there are, of which the report may list fewer. */
  count: number | null
  otherInfo: string
}

/** A field's text, '' where it is not there. */
export type Field = (name: string) => string

const risks: ReadonlyMap<string, Severity> = new Map([
  ['3', 'high'],
  ['2', 'medium'],
  ['1', 'low'],
  ['0', 'notification'],
])

/** Numbers that all scripts of a user share. */
const scripts = new Set(['-1', '50000', '50001', ''])

export function readAlert(field: Field): Alert {
  const title = field('name') || field('alert') || 'Alert without a name'
  const number = field('alertRef') || field('pluginid')
  const word = field('riskcode') || (field('riskdesc').split('(', 1)[0] ?? '').trim()
  const count = Number(field('count') || Number.NaN)
  const solution = htmlToText(field('solution'))
  return {
    ruleId: scripts.has(number) ? [number, title].filter((part) => part !== '').join(':') : number,
    title,
    description: [htmlToText(field('desc')), solution === '' ? '' : `Solution: ${solution}`]
      .filter((text) => text !== '')
      .join('\n\n'),
    rating: rateFinding({ word, words: risks }),
    suppressed: isFalsePositive(field) ? 'marked as a false positive in ZAP' : null,
    // -1 and 0 stand for none.
    cwes: readCwes(field('cweid')),
    helpUri: /https?:\/\/[^\s<>"')]{1,900}/.exec(htmlToText(field('reference')))?.[0] ?? null,
    isSystemic: field('systemic') === 'true',
    count: Number.isInteger(count) && count >= 0 ? count : null,
    otherInfo: htmlToText(field('otherinfo')),
  }
}

function isFalsePositive(field: Field): boolean {
  return field('confidence') === '0' || /\(False Positive\)/i.test(field('riskdesc'))
}
