/**
 * Records of so many fields, each field ended by NUL: the one byte that no message, name or path can hold. Whatever git
 * puts between records stands in front of a first field, which is a hash or a ref and has no line ends of its own.
 */
export function toRecords(text: string, fields: number): string[][] {
  const all = text.split('\0')
  const records: string[][] = []
  for (let at = 0; at + fields <= all.length; at += fields) {
    const [first = '', ...rest] = all.slice(at, at + fields)
    records.push([first.trimStart(), ...rest])
  }
  return records
}
