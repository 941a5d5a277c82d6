/** Text that PostgreSQL and JSON both take: no NUL, no lone surrogates, at most `maxLength` UTF-16 units. */
export function cleanText(text: string, maxLength: number): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text
  return cut.replaceAll('\0', '\uFFFD').toWellFormed()
}
