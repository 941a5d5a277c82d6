import { AppError } from '../lib/app-error.ts'

/** The parsed JSON value of some bytes that begin at byte `at` of the file. Throws `report_wrong_encoding` or `report_invalid`. */
export function decodeSlice(parts: readonly Uint8Array[], at: number): unknown {
  const bytes = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new AppError(
      'report_wrong_encoding',
      `The report is not UTF-8: a character in the ${bytes.length} bytes from byte ${at} on is broken. Save it as UTF-8 and import it again.`,
      { cause, meta: { byte: at } },
    )
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.slice(0, 120) : 'it cannot be parsed'
    throw new AppError('report_invalid', `The report is not valid JSON in the value from byte ${at} on: ${why}.`, {
      cause,
      meta: { byte: at },
    })
  }
}
