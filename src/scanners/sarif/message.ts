import { firstUnits } from '../../lib/cut-text.ts'
import { cleanText } from '../clean-text.ts'
import { readList, readObject, readText } from '../json-fields.ts'
import { messageText, type SarifRule } from './rule.ts'
import type { SarifRun } from './run.ts'

const maxMessage = 8000
/** A text of placeholders with one long argument would grow without end. */
const maxFilled = 100
const maxArgument = 1000

/**
 * The text of a message (§3.11): its own, or the rule's by id, with placeholders filled in and links to related
 * locations (`[text](1)`) reduced to their text.
 */
export function renderMessage(value: unknown, rule: SarifRule | undefined, run: SarifRun): string {
  const message = readObject(value)
  const id = readText(message['id'])
  const byId = id === undefined ? undefined : (rule?.messages.get(id) ?? run.driver.messages.get(id))
  const text = messageText(value) ?? byId ?? ''
  const given = readList(message['arguments'])
  let filledIn = 0
  const filled = text.slice(0, 2 * maxMessage).replace(/\{(\d{1,3})\}/g, (whole, index: string) => {
    filledIn += 1
    return filledIn > maxFilled ? whole : firstUnits(readText(given[Number(index)]) ?? whole, maxArgument)
  })
  return cleanText(filled.replace(/\[([^[\]\n]{1,500})\]\(\d{1,6}\)/g, '$1').trim(), maxMessage)
}
