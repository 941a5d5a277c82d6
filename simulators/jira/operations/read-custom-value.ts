import { type Json, stringAt } from '../../shared/json.ts'
import type { CustomField } from '../model.ts'

type Read = { kind: 'value'; value: Json } | { kind: 'problem'; message: string }

function problem(message: string): Read {
  return { kind: 'problem', message }
}

/** A value for a custom field: an option by id or value, a text, or labels. */
export function readCustomValue(field: CustomField, value: unknown): Read {
  if (value === null) return { kind: 'value', value: null }
  switch (field.kind) {
    case 'select': {
      const [id, name] = [stringAt(value, 'id'), stringAt(value, 'value')]
      if (id === undefined && name === undefined) return problem("Specify a valid 'id' or 'name' for " + field.name)
      const option = field.options.find((one) => (id === undefined ? one.value === name : one.id === id))
      if (option === undefined)
        return problem(`Option ${id === undefined ? 'value' : 'id'} '${id ?? name ?? ''}' is not valid`)
      return { kind: 'value', value: { id: option.id, value: option.value } }
    }
    case 'text':
      if (typeof value !== 'string') return problem('Operation value must be a string')
      return value.length > 255
        ? problem('The entered text is too long. It exceeds the allowed limit of 255 characters.')
        : { kind: 'value', value }
    case 'labels': {
      if (!Array.isArray(value)) return problem('data was not an array')
      const labels = value.map(String)
      const bad = labels.find((one) => /\s/.test(one))
      return bad === undefined
        ? { kind: 'value', value: labels }
        : problem(`The label '${bad}' contains spaces which is invalid.`)
    }
    default:
      return field.kind satisfies never
  }
}
