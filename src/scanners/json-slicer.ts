import { AppError } from '../lib/app-error.ts'
import { decodeSlice } from './decode-slice.ts'

/** Where a value stands: keys and list positions from the top, `['runs', 0, 'results', 7]`. */
export type JsonPath = readonly (string | number)[]

/** What the reader wants of a value: its members one by one, the value itself, or nothing of it. */
export type Wish = 'enter' | 'take' | 'skip'

/** One value that was asked for. `oversized` values were longer than allowed and were not kept; `at` is a byte offset. */
export type Slice =
  | { kind: 'value'; path: JsonPath; at: number; value: unknown }
  | { kind: 'oversized'; path: JsonPath; at: number }

export type SlicerOptions = {
  wish: (path: JsonPath) => Wish
  /** Longest value in bytes that is kept whole. */
  maxSliceBytes: number
  /** Deepest nesting of objects and lists. */
  maxDepth: number
  /** `many`: JSON documents one after the other, a line each or not; paths then begin with the number of the document. */
  documents?: 'one' | 'many'
}

type Frame = {
  readonly isObject: boolean
  key: string
  index: number
  expects: 'value' | 'value_or_end' | 'key' | 'key_or_end' | 'colon' | 'comma_or_end'
}

type Value = {
  readonly path: JsonPath
  readonly at: number
  readonly isKey: boolean
  readonly kind: 'string' | 'container' | 'word'
  keep: boolean
  oversized: boolean
  parts: Uint8Array[]
  bytes: number
  depth: number
  inString: boolean
  escaped: boolean
}

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d
/** Of a key nobody looks for more is kept than this. */
const maxKeyBytes = 1 << 16

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

/**
 * Reads JSON of any size and hands out only the values wished for, each parsed on its own: memory stays at
 * one value. Throws `report_invalid` or `report_truncated` with the byte offset, `report_wrong_encoding` for bytes that are not UTF-8.
 */
export async function* sliceJson(source: AsyncIterable<Uint8Array>, options: SlicerOptions): AsyncGenerator<Slice> {
  const slicer = new JsonSlicer(options)
  for await (const chunk of source) {
    slicer.push(chunk)
    yield* slicer.take()
  }
  slicer.end()
  yield* slicer.take()
}

class JsonSlicer {
  readonly #options: SlicerOptions
  readonly #frames: Frame[] = []
  #value: Value | undefined
  #found: Slice[] = []
  #offset = 0
  #done = false
  /** Documents that are read whole. */
  #documents = 0

  constructor(options: SlicerOptions) {
    this.#options = options
  }

  take(): Slice[] {
    const found = this.#found
    this.#found = []
    return found
  }

  push(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length) {
      if (this.#value !== undefined) at = this.#consume(this.#value, chunk, at)
      else {
        const byte = chunk[at] ?? 0
        if (isSpace(byte)) at += 1
        else at = this.#step(byte, at)
      }
    }
    this.#offset += chunk.length
  }

  end(): void {
    if (this.#value?.kind === 'word' && this.#frames.length === 0) this.#finish(this.#value)
    if (this.#done || (this.#isMany() && this.#documents > 0 && this.#frames.length === 0 && this.#value === undefined))
      return
    throw new AppError(
      'report_truncated',
      `The report is cut off: it ends at byte ${this.#offset} in the middle of ${describe(this.#path())}. Export it again, and check that the upload was complete.`,
      { meta: { byte: this.#offset } },
    )
  }

  #path(): (string | number)[] {
    const path = this.#frames.map((frame) => (frame.isObject ? frame.key : frame.index))
    return this.#isMany() ? [this.#documents, ...path] : path
  }

  #isMany(): boolean {
    return this.#options.documents === 'many'
  }

  #fail(at: number, what: string): never {
    const byte = this.#offset + at
    throw new AppError(
      'report_invalid',
      `The report is not valid JSON: ${what} at byte ${byte}, in ${describe(this.#path())}.`,
      {
        meta: { byte },
      },
    )
  }

  /** Answers where to go on: the position of the value's first byte, or one further. */
  #step(byte: number, at: number): number {
    const frame = this.#frames.at(-1)
    if (frame === undefined) {
      if (this.#done) this.#fail(at, 'a second document (several JSON documents in one file)')
      return this.#begin(byte, at)
    }
    switch (frame.expects) {
      case 'value_or_end':
        if (byte === closeBracket) return this.#leave(at)
        return this.#begin(byte, at)
      case 'value':
        return this.#begin(byte, at)
      case 'key_or_end':
        if (byte === closeBrace) return this.#leave(at)
        return this.#beginKey(byte, at)
      case 'key':
        return this.#beginKey(byte, at)
      case 'colon':
        if (byte !== colon) this.#fail(at, 'a colon is missing')
        frame.expects = 'value'
        return at + 1
      case 'comma_or_end':
        if (byte === (frame.isObject ? closeBrace : closeBracket)) return this.#leave(at)
        if (byte !== comma) this.#fail(at, 'a comma is missing')
        frame.expects = frame.isObject ? 'key' : 'value'
        frame.index += 1
        return at + 1
    }
  }

  #leave(at: number): number {
    this.#frames.pop()
    this.#after()
    return at + 1
  }

  #after(): void {
    const frame = this.#frames.at(-1)
    if (frame === undefined) {
      this.#documents += 1
      this.#done = !this.#isMany()
    } else frame.expects = 'comma_or_end'
  }

  #beginKey(byte: number, at: number): number {
    if (byte !== quote) this.#fail(at, 'a key in quotes is missing')
    this.#value = newValue({ path: [], at: this.#offset + at, byte, isKey: true, keep: true })
    return at
  }

  #begin(byte: number, at: number): number {
    if (!startsValue(byte)) this.#fail(at, 'a value is missing')
    const path = this.#path()
    const isContainer = byte === openBrace || byte === openBracket
    const wish = this.#options.wish(path)
    if (wish === 'enter' && isContainer) {
      const isObject = byte === openBrace
      this.#frames.push({ isObject, key: '', index: 0, expects: isObject ? 'key_or_end' : 'value_or_end' })
      return at + 1
    }
    this.#value = newValue({ path, at: this.#offset + at, byte, isKey: false, keep: wish !== 'skip' })
    return at
  }

  /** Eats bytes of the open value; answers the first position behind what belongs to it. */
  #consume(value: Value, chunk: Uint8Array, from: number): number {
    const end = this.#scan(value, chunk, from)
    const until = end === -1 ? chunk.length : end
    value.bytes += until - from
    const most = value.isKey ? maxKeyBytes : this.#options.maxSliceBytes
    if (value.keep && value.bytes > most) {
      value.keep = false
      value.oversized = true
      value.parts = []
    }
    if (value.keep) value.parts.push(chunk.subarray(from, until))
    if (end !== -1) this.#finish(value)
    return until
  }

  #scan(value: Value, chunk: Uint8Array, from: number): number {
    if (value.kind === 'word') {
      for (let at = from; at < chunk.length; at++) {
        const byte = chunk[at] ?? 0
        if (isSpace(byte) || byte === comma || byte === closeBrace || byte === closeBracket) return at
      }
      return -1
    }
    let { depth, inString, escaped } = value
    let end = -1
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at]
      if (inString) {
        if (escaped) escaped = false
        else if (byte === backslash) escaped = true
        else if (byte === quote) {
          inString = false
          if (depth === 0) {
            end = at + 1
            break
          }
        }
      } else if (byte === quote) inString = true
      else if (byte === openBrace || byte === openBracket) {
        depth += 1
        if (depth + this.#frames.length > this.#options.maxDepth)
          this.#fail(at, `objects and lists are nested more than ${this.#options.maxDepth} deep`)
      } else if (byte === closeBrace || byte === closeBracket) {
        depth -= 1
        if (depth === 0) {
          end = at + 1
          break
        }
      }
    }
    value.depth = depth
    value.inString = inString
    value.escaped = escaped
    return end
  }

  #finish(value: Value): void {
    this.#value = undefined
    const { path, at, isKey } = value
    if (isKey) {
      const frame = this.#frames.at(-1)
      if (frame === undefined) return
      const key = value.oversized ? '' : decodeSlice(value.parts, at)
      frame.key = typeof key === 'string' ? key : ''
      frame.expects = 'colon'
      return
    }
    if (value.oversized) this.#found.push({ kind: 'oversized', path, at })
    else if (value.keep) this.#found.push({ kind: 'value', path, at, value: decodeSlice(value.parts, at) })
    this.#after()
  }
}

type NewValue = { path: JsonPath; at: number; byte: number; isKey: boolean; keep: boolean }

function newValue({ path, at, byte, isKey, keep }: NewValue): Value {
  const kind = byte === quote ? 'string' : byte === openBrace || byte === openBracket ? 'container' : 'word'
  const state = { parts: [], bytes: 0, depth: 0, inString: false, escaped: false, oversized: false }
  return { path, at, isKey, keep, kind, ...state }
}

/** `"`, `{`, `[`, a digit, a minus, or the first letter of true, false and null. */
function startsValue(byte: number): boolean {
  if (byte === quote || byte === openBrace || byte === openBracket || byte === 0x2d) return true
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x74 || byte === 0x66 || byte === 0x6e
}

function describe(path: JsonPath): string {
  if (path.length === 0) return 'the top of the file'
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step.slice(0, 80)}`))
    .join('')
    .replace(/^\./, '')
}
