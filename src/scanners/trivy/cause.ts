import { readList, readObject } from '../json-fields.ts'

/** The lines that Trivy marks as the cause, without those it shows around them; null when it shows none. */
export function readCause(code: unknown): string | null {
  const lines = readList(readObject(code)['Lines']).flatMap((line) => {
    const { Content: content, IsCause: isCause } = readObject(line)
    return isCause === true && typeof content === 'string' ? [content] : []
  })
  return lines.length === 0 ? null : lines.join('\n')
}
