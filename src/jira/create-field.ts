import * as z from 'zod'
import type { CreateFieldKind } from '../domain/create-field-kinds.ts'

export type FieldChoice = { id: string; label: string; children: { id: string; label: string }[] }

/** A field of the screen on which issues are made. `isRequired`: without a value, and without a default of Jira's, nothing is made. */
export type CreateField = {
  id: string
  name: string
  kind: CreateFieldKind
  isRequired: boolean
  choices: FieldChoice[]
}

const option = z.object({ id: z.string().optional(), name: z.string().optional(), value: z.string().optional() })
const allowed = z.array(option.extend({ children: z.array(option).optional().catch(undefined) }))

/** As createmeta lists it: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/ */
export const remoteCreateField = z
  .object({
    fieldId: z.string(),
    name: z.string(),
    required: z.boolean(),
    hasDefaultValue: z.boolean().optional(),
    schema: z.object({
      type: z.string(),
      items: z.string().optional(),
      custom: z.string().optional(),
      system: z.string().optional(),
    }),
    allowedValues: allowed.optional().catch(undefined),
  })
  .transform((field): CreateField => {
    const choices = (field.allowedValues ?? []).flatMap((one) =>
      toChoices(one).map((choice) => ({ ...choice, children: (one.children ?? []).flatMap(toChoices) })),
    )
    return {
      id: field.fieldId,
      name: field.name,
      kind: toKind(field.schema, field.allowedValues !== undefined),
      isRequired: field.required && field.hasDefaultValue !== true,
      choices,
    }
  })

function toChoices({ id, name, value }: z.output<typeof option>) {
  return id === undefined ? [] : [{ id, label: value ?? name ?? id }]
}

type Schema = { type: string; items?: string | undefined; custom?: string | undefined; system?: string | undefined }

/** https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/#other-operations names the types. */
function toKind({ type, items, custom = '', system = '' }: Schema, hasChoices: boolean): CreateFieldKind {
  switch (type) {
    case 'string':
      return custom.endsWith(':textarea') || system === 'environment' ? 'long_text' : 'text'
    case 'number':
      return 'number'
    case 'date':
      return 'date'
    case 'datetime':
      return 'moment'
    case 'user':
      return 'person'
    case 'option-with-child':
      return hasChoices ? 'cascade' : 'other'
    case 'array':
      if (items === 'user') return 'people'
      if (hasChoices) return 'choices'
      return items === 'string' ? 'labels' : 'other'
    default:
      return hasChoices ? 'choice' : 'other'
  }
}
