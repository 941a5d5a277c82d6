/** What stands behind `?`: each name once or repeated. Values stay text, so that addresses read like the API's. */
export type SearchText = Record<string, unknown>

export function parseSearch(text: string): Record<string, string | string[]> {
  const search: Record<string, string | string[]> = {}
  const parameters = new URLSearchParams(text)
  for (const key of new Set(parameters.keys())) {
    const values = parameters.getAll(key)
    search[key] = values.length === 1 ? (values[0] ?? '') : values
  }
  return search
}

export function stringifySearch(search: SearchText): string {
  const parameters = new URLSearchParams()
  for (const [key, value] of Object.entries(search)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined && item !== null && item !== '') parameters.append(key, String(item))
    }
  }
  const text = parameters.toString()
  return text === '' ? '' : `?${text}`
}

export function readMany(search: SearchText, key: string): string[] {
  const value = search[key]
  const values: unknown[] = Array.isArray(value) ? value : [value]
  return values.filter((item) => typeof item === 'string' && item !== '').map(String)
}

export function readOne(search: SearchText, key: string): string | undefined {
  return readMany(search, key)[0]
}

/** The value if it is one of the choices; an address typed wrong falls back instead of failing. */
export function readChoice<Choice extends string>(
  search: SearchText,
  key: string,
  choices: readonly Choice[],
): Choice | undefined {
  const value = readOne(search, key)
  return choices.find((choice) => choice === value)
}

export function readChoices<Choice extends string>(
  search: SearchText,
  key: string,
  choices: readonly Choice[],
): Choice[] {
  const values = readMany(search, key)
  return choices.filter((choice) => values.includes(choice))
}

/**
 * What a route reads of its address, and nothing else: the router hands on whatever stands there, also what the route does
 * not understand, and a page would take a single mistyped word for the list it expects.
 */
export function readOnly<Read extends object>(read: (search: SearchText) => Read): (search: SearchText) => Read {
  return (search) => ({ ...Object.fromEntries(Object.keys(search).map((key) => [key, undefined])), ...read(search) })
}

/** The object without its empty entries: what is not set does not stand in the address. */
export function withoutEmpty<Value extends Record<string, unknown>>(value: Value): Partial<Value> {
  const result: Partial<Value> = { ...value }
  for (const key in result) {
    const item = result[key]
    if (item === undefined || item === '' || (Array.isArray(item) && item.length === 0)) delete result[key]
  }
  return result
}
