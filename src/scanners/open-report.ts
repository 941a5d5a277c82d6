import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { AppError } from '../lib/app-error.ts'
import type { ReportSource } from './scanner.ts'

const headBytes = 64 * 1024
const chunkBytes = 256 * 1024

type Encoding = { name: string; skip: number }

/**
 * A report file as its reader wants it: UTF-8 without a byte order mark. UTF-16, which Windows PowerShell writes, is
 * converted on the way. Throws `report_packed` for archives and `report_wrong_encoding` for other encodings.
 */
export async function openReport(path: string, bytes: number): Promise<{ source: ReportSource; head: string }> {
  const start = await readHead(path)
  refuseArchive(start)
  const encoding = findEncoding(start)
  const head = new TextDecoder(encoding.name).decode(start.subarray(encoding.skip))
  return { head, source: { bytes, open: () => readText(path, encoding) } }
}

async function readHead(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** First bytes, in hexadecimal digits. */
const packed: readonly (readonly [string, string])[] = [
  ['504b0304', 'a zip archive'],
  ['504b0506', 'an empty zip archive'],
  ['1f8b', 'compressed with gzip'],
  ['28b52ffd', 'compressed with zstd'],
  ['425a68', 'compressed with bzip2'],
  ['fd377a585a', 'compressed with xz'],
  ['377abcaf', 'a 7z archive'],
  ['52617221', 'a rar archive'],
]

function refuseArchive(start: Uint8Array): void {
  const magic = Buffer.from(start.subarray(0, 6)).toString('hex')
  const [, kind] = packed.find(([begin]) => magic.startsWith(begin)) ?? []
  if (kind !== undefined)
    throw new AppError(
      'report_packed',
      `The file is ${kind}, which may hold any number of files. Unpack it and import the report that is inside.`,
    )
  if (magic.startsWith('25504446'))
    throw new AppError(
      'report_not_recognised',
      'The file is a PDF, which is made for reading. Have the scanner write SARIF, JSON, XML or CSV, and import that.',
    )
}

/** By the byte order mark, else by the NUL bytes that only UTF-16 and UTF-32 have among plain letters. */
function findEncoding(start: Uint8Array): Encoding {
  const [first = 1, second = 1, third = 1, fourth = 1] = start
  if (first === 0xef && second === 0xbb && third === 0xbf) return { name: 'utf-8', skip: 3 }
  const isUtf32 = (first === 0xff && second === 0xfe && third === 0 && fourth === 0) || (first === 0 && second === 0)
  if (isUtf32)
    throw new AppError(
      'report_wrong_encoding',
      'The report is UTF-32 or begins with NUL bytes. Save it as UTF-8 and import it again.',
    )
  if (first === 0xff && second === 0xfe) return { name: 'utf-16le', skip: 2 }
  if (first === 0xfe && second === 0xff) return { name: 'utf-16be', skip: 2 }
  if (first !== 0 && second === 0) return { name: 'utf-16le', skip: 0 }
  if (first === 0 && second !== 0) return { name: 'utf-16be', skip: 0 }
  return { name: declaredEncoding(start) ?? 'utf-8', skip: 0 }
}

/** What an XML file in a single-byte encoding says of itself in its first line. */
function declaredEncoding(start: Uint8Array): string | undefined {
  const first = Buffer.from(start.subarray(0, 200)).toString('latin1')
  const label = /^<\?xml[^>]*\bencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']/.exec(first)?.[1]
  if (label === undefined || /^utf-?(8|16)/i.test(label)) return undefined
  try {
    return new TextDecoder(label).encoding
  } catch {
    throw new AppError(
      'report_wrong_encoding',
      `The report says that it is written in ${label}, which Weir does not know. Save it as UTF-8 and import it again.`,
    )
  }
}

async function* readText(path: string, encoding: Encoding): AsyncGenerator<Uint8Array> {
  const bytes = createReadStream(path, { start: encoding.skip, highWaterMark: chunkBytes })
  if (encoding.name === 'utf-8') {
    yield* bytes
    return
  }
  const decoder = new TextDecoder(encoding.name, { ignoreBOM: true })
  const encoder = new TextEncoder()
  for await (const chunk of bytes) yield encoder.encode(decoder.decode(chunk, { stream: true }))
  yield encoder.encode(decoder.decode())
}
