import { at, isObject, type Json, type JsonObject, stringAt } from '../../shared/json.ts'
import { checkDocument, notADocumentMessage, tooLongMessage } from '../adf/check-document.ts'
import type { CustomField, Person } from '../model.ts'
import type { Switches } from '../switches.ts'

type Read = { kind: 'value'; value: Json } | { kind: 'problem'; message: string }
type Option = CustomField['options'][number]

interface Around {
  people: readonly Person[]
  switches: Switches
}

function problem(message: string): Read {
  return { kind: 'problem', message }
}

function of(value: Json): Read {
  return { kind: 'value', value }
}

/** A value for a custom field: options by id or value, a text, a document, a number, a day, a person, labels. */
export function readCustomValue(field: CustomField, value: unknown, around: Around): Read {
  if (value === null) return of(null)
  switch (field.kind) {
    case 'select':
      return readOption(field.name, field.options, value)
    case 'choices':
      return readOptions(field, value)
    case 'cascade':
      return readCascade(field, value)
    case 'text':
      if (typeof value !== 'string') return problem('Operation value must be a string')
      return value.length > 255
        ? problem('The entered text is too long. It exceeds the allowed limit of 255 characters.')
        : of(value)
    case 'long_text':
      return readDocument(value, around.switches)
    case 'number':
      return typeof value === 'number' ? of(value) : problem('Operation value must be a number')
    case 'date': {
      const isDay = typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value))
      return isDay ? of(value) : problem(`Error parsing date string: ${JSON.stringify(value)}`)
    }
    case 'person':
      return readPerson(around.people, value)
    case 'group':
      return stringAt(value, 'name') === undefined
        ? problem('Could not find valid name')
        : of({ name: stringAt(value, 'name') ?? '' })
    case 'labels':
      return readLabels(value)
    default:
      return field.kind satisfies never
  }
}

function readOption(name: string, options: readonly Option[], value: unknown): Read {
  const [id, text] = [stringAt(value, 'id'), stringAt(value, 'value')]
  if (id === undefined && text === undefined) return problem("Specify a valid 'id' or 'name' for " + name)
  const option = options.find((one) => (id === undefined ? one.value === text : one.id === id))
  if (option === undefined)
    return problem(`Option ${id === undefined ? 'value' : 'id'} '${id ?? text ?? ''}' is not valid`)
  return of({ id: option.id, value: option.value })
}

function readOptions(field: CustomField, value: unknown): Read {
  if (!Array.isArray(value)) return problem('data was not an array')
  const chosen: Json[] = []
  for (const one of value) {
    const read = readOption(field.name, field.options, one)
    if (read.kind === 'problem') return read
    chosen.push(read.value)
  }
  return of(chosen)
}

function readCascade(field: CustomField, value: unknown): Read {
  const above = readOption(field.name, field.options, value)
  const child = at(value, 'child')
  if (above.kind === 'problem' || child === undefined || !isObject(above.value)) return above
  const parent = field.options.find((one) => one.id === stringAt(above.value, 'id'))
  const below = readOption(field.name, parent?.children ?? [], child)
  if (below.kind === 'problem') return below
  const joined: JsonObject = { id: parent?.id ?? '', value: parent?.value ?? '', child: below.value }
  return of(joined)
}

function readDocument(value: unknown, switches: Switches): Read {
  const checked = checkDocument(value, switches)
  if (checked.kind === 'not_a_document') return problem(notADocumentMessage)
  return checked.kind === 'too_long' ? problem(tooLongMessage) : of(checked.document)
}

function readPerson(people: readonly Person[], value: unknown): Read {
  const id = stringAt(value, 'accountId') ?? stringAt(value, 'id')
  const person = people.find((one) => one.accountId === id)
  return person === undefined
    ? problem(`User '${id ?? ''}' is not valid for this user picker.`)
    : of({ accountId: person.accountId, displayName: person.displayName })
}

function readLabels(value: unknown): Read {
  if (!Array.isArray(value)) return problem('data was not an array')
  const labels = value.map(String)
  const bad = labels.find((one) => /\s/.test(one))
  return bad === undefined ? of(labels) : problem(`The label '${bad}' contains spaces which is invalid.`)
}
