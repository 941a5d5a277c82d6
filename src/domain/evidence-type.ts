import { cutText } from '../lib/cut-text.ts'

/** Kinds of files that may be kept as evidence, by the ending of the name. Images alone are shown; the rest is downloaded. */
const mediaTypes = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  log: 'text/plain',
  csv: 'text/csv',
  json: 'application/json',
  har: 'application/json',
  xml: 'application/xml',
  html: 'text/html',
  zip: 'application/zip',
} as const

export type EvidenceType = (typeof mediaTypes)[keyof typeof mediaTypes]

/** Endings a file of evidence may have, in the order they are told. */
export const evidenceEndings: readonly string[] = Object.keys(mediaTypes)
/** The largest file, in bytes. */
export const largestEvidenceBytes = 10 * 1024 * 1024

/** The type of a file by the ending of its name; undefined for one that is not kept. */
export function evidenceTypeOf(name: string): EvidenceType | undefined {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase()
  const found = Object.entries(mediaTypes).find(([known]) => known === ending)
  return found?.[1]
}

/** Whether a browser may draw it inside a page. SVG is a document with scripts, and is not among the types at all. */
export function isSafeImage(type: string): boolean {
  return type === 'image/png' || type === 'image/jpeg' || type === 'image/webp' || type === 'image/gif'
}

/** How files of a type begin: bytes at their place from the start. Any of the lists will do. */
const signatures: Readonly<Partial<Record<EvidenceType, readonly Readonly<Record<number, string>>[]>>> = {
  'image/png': [{ 0: '89504e470d0a1a0a' }],
  'image/jpeg': [{ 0: 'ffd8ff' }],
  'image/gif': [{ 0: '474946383761' }, { 0: '474946383961' }],
  'image/webp': [{ 0: '52494646', 8: '57454250' }],
  'application/pdf': [{ 0: '255044462d' }],
  'application/zip': [{ 0: '504b0304' }, { 0: '504b0506' }],
}

/** Whether the first bytes (16 of them, or all) are of the type; true where a type has nothing to be known by. */
export function beginsLike(type: EvidenceType, head: Uint8Array): boolean {
  const known = signatures[type]
  if (known === undefined) return true
  const hex = Array.from(head.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return known.some((places) => Object.entries(places).every(([at, bytes]) => hex.startsWith(bytes, Number(at) * 2)))
}

/** The name as it is kept: without folders, control characters or what would leave a quoted header; at most 120 characters. */
export function cleanFileName(name: string): string {
  const bare = name.split(/[\\/]/).at(-1) ?? ''
  const clean = bare.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}"]/gu, '').trim()
  if (clean.length <= 120) return clean
  const ending = /\.[a-z0-9]{1,5}$/i.exec(clean)?.[0] ?? ''
  return `${cutText(clean, 112)}${ending}`
}
