/** One setting of a tracker as it is drawn; `json` for what has no shape of its own here. */
export type SettingField = { readonly name: string; readonly label: string; readonly hint: string | undefined } & (
  | { readonly kind: 'text' | 'number' | 'switch' | 'list' | 'json' }
  | { readonly kind: 'choice'; readonly choices: readonly string[]; readonly isRequired: boolean }
  /** One value for each key: of the choices, or any text where there are none. */
  | { readonly kind: 'map'; readonly keys: readonly string[]; readonly choices: readonly string[] }
)

type Schema = Readonly<Record<string, unknown>>
export type SettingValues = Readonly<Record<string, unknown>>

/** The fields of a JSON schema of an object, in its order. */
export function toSettingFields(schema: Schema): SettingField[] {
  const required = toTexts(schema['required'])
  return Object.entries(toSchema(schema['properties'])).map(([name, property]) => {
    const given = toSchema(property)
    const { title, description } = given
    const label = typeof title === 'string' ? title : toLabel(name)
    const hint = typeof description === 'string' ? description : undefined
    return { name, label, hint, ...toShape(withoutNull(given), required.includes(name)) }
  })
}

/** What a route begins with: the schema's own defaults. */
export function toDefaults(schema: Schema): SettingValues {
  return Object.fromEntries(
    Object.entries(toSchema(schema['properties'])).flatMap(([name, property]) => {
      const value = toSchema(property)['default']
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

type Shape =
  | { kind: 'text' | 'number' | 'switch' | 'list' | 'json' }
  | { kind: 'choice'; choices: string[]; isRequired: boolean }
  | { kind: 'map'; keys: string[]; choices: string[] }

function toShape(schema: Schema, isRequired: boolean): Shape {
  const choices = toTexts(schema['enum'])
  if (choices.length > 0) return { kind: 'choice', choices, isRequired }
  switch (schema['type']) {
    case 'string':
      return { kind: 'text' }
    case 'integer':
    case 'number':
      return { kind: 'number' }
    case 'boolean':
      return { kind: 'switch' }
    case 'array':
      return toSchema(schema['items'])['type'] === 'string' ? { kind: 'list' } : { kind: 'json' }
    case 'object':
      return toMap(schema)
    default:
      return { kind: 'json' }
  }
}

/** An object whose keys are known and whose values are chosen from one list, or are texts. */
function toMap(schema: Schema): Shape {
  const keys = toTexts(toSchema(schema['propertyNames'])['enum'])
  const values = toSchema(schema['additionalProperties'])
  const choices = toTexts(values['enum'])
  if (keys.length === 0 || (choices.length === 0 && values['type'] !== 'string')) return { kind: 'json' }
  return { kind: 'map', keys, choices }
}

function withoutNull(schema: Schema): Schema {
  const options = Array.isArray(schema['anyOf']) ? schema['anyOf'].map(toSchema) : []
  const real = options.filter((option) => option['type'] !== 'null')
  return real.length === 1 && real[0] !== undefined ? real[0] : schema
}

function toSchema(value: unknown): Schema {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function toTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** `issue_type`, `issueType` → `Issue type`. */
function toLabel(name: string): string {
  const text = name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll(/[_-]+/g, ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
