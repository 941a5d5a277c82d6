import { AppError } from '../../lib/app-error.ts'
import { cutText } from '../../lib/cut-text.ts'

/** A line of a file, counted from 1, without its end. */
export type Line = { number: number; text: string }

/** Longer than any advisory; what has no ends of lines at all is some other file. */
const longestLine = 8 * 1024 * 1024

/**
 * Cuts UTF-8 text into lines as it comes: memory stays at one line and one chunk. Throws `intelligence_invalid` for bytes
 * that are not UTF-8, as those of a file that is still packed, and for a line without end.
 */
export async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let number = 0
  let rest = ''
  for await (const chunk of bytes) {
    const lines = (rest + decode(decoder, chunk, number + 1)).split('\n')
    rest = lines.pop() ?? ''
    for (const text of lines) yield { number: (number += 1), text: withoutReturn(text) }
    if (rest.length > longestLine) throw invalidAt(number + 1, 'The line does not end.')
  }
  rest += decode(decoder, undefined, number + 1)
  if (rest !== '') yield { number: number + 1, text: withoutReturn(rest) }
}

/** The failure of one line of a file; `sentence` says what is wrong with it. */
export function invalidAt(line: number, sentence: string): AppError {
  return new AppError('intelligence_invalid', `Line ${line}: ${sentence} Nothing of the file was taken.`, {
    meta: { line },
  })
}

/** A text of the file as a sentence can quote it. */
export function quote(text: string): string {
  return `“${cutText(text, 60)}”`
}

function decode(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array | undefined, line: number): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true })
  } catch {
    throw invalidAt(
      line,
      'From about here on the file is not UTF-8 text. A file that ends in .gz is to be unpacked first.',
    )
  }
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text
}
