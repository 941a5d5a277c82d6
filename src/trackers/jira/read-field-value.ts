import * as z from 'zod'
import type { CreateField, FieldChoice } from '../../jira/create-field.ts'
import { toAdf } from './adf/to-adf.ts'

/** A value as Jira takes it, or what is wrong with it, in words that follow the field's name. */
export type FieldValue = { kind: 'value'; value: unknown } | { kind: 'mistake'; sentence: string }

const reference = z.object({ id: z.string().optional(), value: z.string().optional(), name: z.string().optional() })
const nested = reference.extend({ child: reference.optional() })
const person = z.object({ accountId: z.string().optional(), id: z.string().optional() })
const longestLine = 255

/** Reads one value of a route by what Jira says of its field; a choice may be named by its id or by what people read. */
export function readFieldValue(field: CreateField, given: unknown): FieldValue {
  switch (field.kind) {
    case 'text':
      if (typeof given !== 'string') return mistake('is a text.')
      return given.length > longestLine ? mistake(`is longer than ${longestLine} characters.`) : value(given)
    case 'long_text':
      return typeof given === 'string' ? value(toAdf(given).document) : readDocument(given)
    case 'number':
      return typeof given === 'number' && Number.isFinite(given) ? value(given) : mistake('is a number.')
    case 'date':
      return z.iso.date().safeParse(given).success ? value(given) : mistake('is a day, as in 2027-03-31.')
    case 'moment':
      return z.iso.datetime({ offset: true }).safeParse(given).success
        ? value(given)
        : mistake('is a time, as in 2027-03-31T09:00:00Z.')
    case 'choice':
      return readChoice(field.choices, given)
    case 'choices':
      return readEach(given, (one) => readChoice(field.choices, one))
    case 'cascade':
      return readCascade(field.choices, given)
    case 'person':
      return readPerson(given)
    case 'people':
      return readEach(given, readPerson)
    case 'labels':
      return readEach(given, (one) =>
        typeof one === 'string' && /^\S+$/.test(one) ? value(one) : mistake('has labels, which are without blanks.'),
      )
    case 'other':
      // Nobody here knows its shape: it goes as it was given.
      return value(given)
    default:
      return field.kind satisfies never
  }
}

/** Nothing is chosen, typed or listed. */
export function isEmptyValue(given: unknown): boolean {
  return given === undefined || given === null || given === '' || (Array.isArray(given) && given.length === 0)
}

function value(of: unknown): FieldValue {
  return { kind: 'value', value: of }
}

function mistake(sentence: string): FieldValue {
  return { kind: 'mistake', sentence }
}

function readDocument(given: unknown): FieldValue {
  return z.object({ type: z.literal('doc') }).safeParse(given).success ? value(given) : mistake('is a text.')
}

function readEach(given: unknown, read: (one: unknown) => FieldValue): FieldValue {
  if (!Array.isArray(given)) return mistake('is a list.')
  const found = given.map(read)
  const wrong = found.find((one) => one.kind === 'mistake')
  return wrong ?? value(found.flatMap((one) => (one.kind === 'value' ? [one.value] : [])))
}

function readChoice(choices: readonly Omit<FieldChoice, 'children'>[], given: unknown): FieldValue {
  const found = findChoice(choices, given)
  return found === undefined
    ? mistake(`has no such choice. There are: ${listLabels(choices)}.`)
    : value({ id: found.id })
}

function readCascade(choices: readonly FieldChoice[], given: unknown): FieldValue {
  const chosen = findChoice(choices, given)
  if (chosen === undefined) return mistake(`has no such choice. There are: ${listLabels(choices)}.`)
  const parent = choices.find(({ id }) => id === chosen.id)
  const wanted = nested.safeParse(given).data?.child
  if (wanted === undefined) return value({ id: chosen.id })
  const child = findChoice(parent?.children ?? [], wanted)
  if (child === undefined)
    return mistake(`has no such choice below ${chosen.label}. There are: ${listLabels(parent?.children ?? [])}.`)
  return value({ id: chosen.id, child: { id: child.id } })
}

type Choice = Omit<FieldChoice, 'children'>

function findChoice(choices: readonly Choice[], given: unknown): Choice | undefined {
  const asked = typeof given === 'string' ? { id: given, value: given } : reference.safeParse(given).data
  if (asked === undefined) return undefined
  const label = asked.value ?? ('name' in asked ? asked.name : undefined)
  return (
    choices.find(({ id }) => id === asked.id) ??
    (label === undefined ? undefined : choices.find((one) => one.label === label))
  )
}

function readPerson(given: unknown): FieldValue {
  const parsed = person.safeParse(typeof given === 'string' ? { accountId: given } : given).data
  const accountId = parsed?.accountId ?? parsed?.id
  return accountId === undefined ? mistake('is a person, by account id.') : value({ accountId })
}

const namedAtMost = 12

function listLabels(choices: readonly Choice[]): string {
  const names = choices.slice(0, namedAtMost).map(({ label }) => label)
  return choices.length > namedAtMost ? `${names.join(', ')} and more` : names.join(', ')
}
