/** The text of one line in code whose lines begin with their numbers, as `128: except:` or `128 except:`; null when it is not there. */
export function lineOfNumberedCode(code: string, line: number): string | null {
  for (const one of code.split('\n')) {
    const [, number, text = ''] = /^\s*(\d{1,7})(?::|\s|$)(.*)$/.exec(one) ?? []
    if (Number(number) === line) return text.trim() === '' ? null : text.trim()
  }
  return null
}
