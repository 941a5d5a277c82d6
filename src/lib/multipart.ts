import { Readable } from 'node:stream'

/** A file to send: `open` gives its bytes from the start, as often as it is asked. */
export type FileContent = { name: string; mediaType: string; bytes: number; open: () => AsyncIterable<Uint8Array> }

/** A body to send as it comes; `open` begins it anew, for a second try. */
export type StreamedBody = { contentType: string; bytes: number; open: () => Readable }

/** One file as a form of several parts (RFC 7578). `boundary` must not occur in the file: hand in randomness. */
export function multipartOf(file: FileContent, { field, boundary }: { field: string; boundary: string }): StreamedBody {
  const name = file.name.replaceAll('"', '%22').replaceAll(/[\r\n]/g, '_')
  const head = Buffer.from(
    `--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\nContent-Type: ${file.mediaType}\r\n\r\n`,
  )
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`)
  async function* parts(): AsyncGenerator<Uint8Array> {
    yield head
    yield* file.open()
    yield tail
  }
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: head.length + file.bytes + tail.length,
    open: () => Readable.from(parts()),
  }
}
