import { decodePercent } from './decode-percent.ts'

/** One field of a form: of an uploaded file `filename` says how it was called there. */
export interface FormPart {
  name: string
  filename: string | null
  contentType: string | null
  /** Further parameters of Content-Disposition. */
  attributes: Record<string, string>
  bytes: Buffer
}

/** `; name="value"` pairs; the remote's own documentation writes `x-attributes:"link"` with a colon. */
function readParameters(header: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const match of header.matchAll(/;\s*([\w*-]+)\s*[=:]\s*(?:"((?:\\.|[^"\\])*)"|([^;\s]*))/g)) {
    const [, name = '', quoted, bare = ''] = match
    const value = (quoted ?? bare)
      .replace(/\\(.)/g, '$1')
      .replace(/%22/g, '"')
      .replace(/%0D/gi, '\r')
      .replace(/%0A/gi, '\n')
    found[name.toLowerCase()] = value
  }
  return found
}

function readHeaders(text: string): Map<string, string> {
  const lines = text.split('\r\n').filter((line) => line.includes(':'))
  return new Map(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const
    }),
  )
}

/** `filename*=UTF-8''na%C3%AFve.txt` (RFC 5987) goes before the plain one, unless it cannot be decoded. */
function filenameOf(parameters: Record<string, string>): string | null {
  const extended = /^utf-8''(.*)$/i.exec(parameters['filename*'] ?? '')?.[1]
  const decoded = extended === undefined ? undefined : decodePercent(extended)
  return decoded ?? parameters['filename'] ?? extended ?? null
}

function readPart(chunk: Buffer): FormPart | undefined {
  const split = chunk.indexOf('\r\n\r\n')
  if (split === -1) return undefined
  const headers = readHeaders(chunk.subarray(0, split).toString('utf8'))
  const parameters = readParameters(headers.get('content-disposition') ?? '')
  const { name, filename: _filename, 'filename*': _extended, ...attributes } = parameters
  return {
    name: name ?? (headers.get('content-id') ?? '').replace(/^[<"]+|[>"]+$/g, ''),
    filename: filenameOf(parameters),
    contentType: headers.get('content-type') ?? null,
    attributes,
    bytes: chunk.subarray(split + 4),
  }
}

function readMultipart(boundary: string, bytes: Buffer): FormPart[] | undefined {
  // A line break in front makes the first delimiter look like the others.
  const body = Buffer.concat([Buffer.from('\r\n'), bytes])
  const delimiter = Buffer.from(`\r\n--${boundary}`)
  const parts: FormPart[] = []
  let start = body.indexOf(delimiter)
  while (start !== -1) {
    const after = start + delimiter.length
    if (body.subarray(after, after + 2).toString('latin1') === '--') return parts
    const end = body.indexOf(delimiter, after)
    if (end === -1) return undefined
    const part = readPart(body.subarray(body.indexOf('\r\n', after) + 2, end))
    if (part === undefined) return undefined
    parts.push(part)
    start = end
  }
  return undefined
}

function readUrlencoded(bytes: Buffer): FormPart[] {
  return [...new URLSearchParams(bytes.toString('utf8'))].map(([name, value]) => ({
    name,
    filename: null,
    contentType: null,
    attributes: {},
    bytes: Buffer.from(value),
  }))
}

/** The fields of a form body in their order, multipart or urlencoded; undefined when it is no form or a broken one. */
export function readFormBody(contentType: string, bytes: Buffer): FormPart[] | undefined {
  if (/^application\/x-www-form-urlencoded\b/i.test(contentType)) return readUrlencoded(bytes)
  if (!/^multipart\//i.test(contentType)) return undefined
  const boundary = readParameters(contentType)['boundary']
  return boundary === undefined || boundary === '' ? undefined : readMultipart(boundary, bytes)
}
