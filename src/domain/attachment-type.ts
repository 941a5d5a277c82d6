/** What a file may be by its content. JSON, XML, HTML and SVG are text; Office files are ZIP; the last is anything else. */
export const attachmentTypes = [
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'application/pdf',
  'text/plain',
  'application/zip',
  'application/gzip',
  'video/mp4',
  'video/webm',
  'application/x-executable',
  'application/octet-stream',
] as const

export type AttachmentType = (typeof attachmentTypes)[number]

/** Of one message: how many files, how many bytes each and together, and of which types. */
export type AttachmentLimits = {
  files: number
  bytesEach: number
  bytesTogether: number
  types: readonly AttachmentType[]
}

/** Files of one message. */
export const mostAttachments = 10

/** Bytes from the start by which a content is known. */
export const typedHeadBytes = 4096

/** How contents begin, in hexadecimal, at their place from the start. The first that fits is it. */
const beginnings: readonly (readonly [AttachmentType, Readonly<Record<number, string>>])[] = [
  ['image/png', { 0: '89504e470d0a1a0a' }],
  ['image/jpeg', { 0: 'ffd8ff' }],
  ['image/gif', { 0: '474946383761' }],
  ['image/gif', { 0: '474946383961' }],
  ['image/webp', { 0: '52494646', 8: '57454250' }],
  ['application/pdf', { 0: '255044462d' }],
  ['application/zip', { 0: '504b0304' }],
  ['application/zip', { 0: '504b0506' }],
  ['application/gzip', { 0: '1f8b08' }],
  ['video/mp4', { 4: '66747970' }],
  ['video/webm', { 0: '1a45dfa3' }],
  // Windows, Linux, macOS in its four spellings and as a bundle of several.
  ['application/x-executable', { 0: '4d5a' }],
  ['application/x-executable', { 0: '7f454c46' }],
  ['application/x-executable', { 0: 'feedface' }],
  ['application/x-executable', { 0: 'feedfacf' }],
  ['application/x-executable', { 0: 'cefaedfe' }],
  ['application/x-executable', { 0: 'cffaedfe' }],
  ['application/x-executable', { 0: 'cafebabe' }],
]

/** What a file is by its first bytes (`typedHeadBytes` of them, or all), whatever its name says. SVG and HTML are text. */
export function attachmentTypeOf(head: Uint8Array): AttachmentType {
  // A text may begin with any letters, those of a program for Windows too.
  if (isText(head)) return 'text/plain'
  const hex = Array.from(head.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('')
  const found = beginnings.find(([, places]) =>
    Object.entries(places).every(([at, bytes]) => hex.startsWith(bytes, Number(at) * 2)),
  )
  return found?.[0] ?? 'application/octet-stream'
}

/** UTF-8 without NUL, or UTF-16 that says so; PDF is readable at its start too, and is none. */
function isText(head: Uint8Array): boolean {
  const [first, second] = head
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true
  if (head.includes(0) || isPdf(head)) return false
  try {
    // The last letter may be cut off where the head ends.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: head.length >= typedHeadBytes })
    return true
  } catch {
    return false
  }
}

function isPdf(head: Uint8Array): boolean {
  return new TextDecoder().decode(head.subarray(0, 5)) === '%PDF-'
}
