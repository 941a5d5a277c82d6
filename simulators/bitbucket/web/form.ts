/** A field's text with the line ends people's tools expect; undefined when the form has no such field. Browsers send CR LF. */
export function formText(form: URLSearchParams, name: string): string | undefined {
  return form.get(name)?.replace(/\r\n?/g, '\n')
}

/** A whole number; undefined when the field is missing, empty or something else. */
export function formNumber(form: URLSearchParams, name: string): number | undefined {
  const text = form.get(name) ?? ''
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}
