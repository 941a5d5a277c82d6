import { parseKev } from '../../../domain/intelligence/parse-kev.ts'
import { AppError } from '../../../lib/app-error.ts'
import { replaceKnownExploited } from '../../../store/security/intelligence.ts'
import type { IntelligenceFile } from './intelligence-file.ts'

/** Forty times the catalogue of today, which is read as a whole. */
const mostBytes = 64 * 1024 * 1024

export const kevFile: IntelligenceFile = {
  kind: 'kev',
  title: 'Known exploited vulnerabilities',
  entry: 'vulnerability',
  open: async (bytes) => {
    const { version, releasedAt, entries } = parseKev(await readWhole(bytes))
    const [publishedOn = null] = /^\d{4}-\d{2}-\d{2}/.exec(releasedAt ?? '') ?? []
    return {
      version,
      publishedOn,
      replace: async (tx) => {
        await replaceKnownExploited(tx, entries)
        return entries.length
      },
    }
  },
}

async function readWhole(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  let read = 0
  let text = ''
  for await (const chunk of bytes) {
    read += chunk.length
    if (read > mostBytes)
      throw new AppError('intelligence_invalid', 'The file is far larger than the catalogue. Nothing of it was taken.')
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
