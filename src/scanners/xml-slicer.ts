import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { AppError } from '../lib/app-error.ts'
import type { XmlElement } from './xml-element.ts'

/** Names from the root element down, `['issues', 'issue']`, without namespace prefixes. */
export type XmlPath = readonly string[]

export type XmlWish = 'enter' | 'take' | 'skip'

/**
 * One element that was asked for. One that was `entered` comes with its attributes alone, before its children;
 * `oversized` elements were longer than allowed and were not kept. `at` is a character offset.
 */
export type XmlSlice =
  | { kind: 'value'; path: XmlPath; at: number; value: XmlElement }
  | { kind: 'entered'; path: XmlPath; at: number; value: XmlElement }
  | { kind: 'oversized'; path: XmlPath; at: number }

export type XmlSlicerOptions = {
  wish: (path: XmlPath) => XmlWish
  /** Longest element, in UTF-16 units of its text and attributes, that is kept whole. */
  maxSliceLength: number
  maxDepth: number
  /** Elements inside a kept one of which only the attributes are kept. */
  isHollow?: (name: string) => boolean
}

const startLength = 4096

type Open = { name: string; attributes: Map<string, string>; children: XmlElement[]; text: string[] }
type Taken = { path: XmlPath; at: number; stack: Open[]; length: number; oversized: boolean; isInHollow: boolean }

/**
 * Reads an XML document of any size and hands out only the elements wished for: memory stays at one of them. Entities are
 * the five of XML itself; a document that declares others, or refers to a DTD elsewhere, is refused. Throws
 * `report_invalid` or `report_truncated` with line and column, `report_wrong_encoding` for bytes that are not UTF-8.
 */
export async function* sliceXml(
  source: AsyncIterable<Uint8Array>,
  options: XmlSlicerOptions,
): AsyncGenerator<XmlSlice> {
  const slicer = new XmlSlicer(options)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for await (const chunk of source) {
    slicer.write(decode(decoder, chunk))
    yield* slicer.take()
  }
  slicer.write(decode(decoder, undefined))
  slicer.end()
  yield* slicer.take()
}

function decode(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array | undefined): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true })
  } catch (cause) {
    throw new AppError(
      'report_wrong_encoding',
      'The report is not UTF-8: a character in it is broken. Save it as UTF-8 and import it again.',
      { cause },
    )
  }
}

class XmlSlicer {
  readonly #options: XmlSlicerOptions
  readonly #parser = new SaxesParser({ xmlns: false })
  readonly #path: string[] = []
  #taken: Taken | undefined
  /** How deep inside an element nobody wants. */
  #skipped = 0
  #found: XmlSlice[] = []
  #isEnded = false
  /** The beginning of the document, until it is long enough to be looked at; undefined from then on. */
  #start: string | undefined = ''

  constructor(options: XmlSlicerOptions) {
    this.#options = options
    const parser = this.#parser
    parser.on('error', (error) => this.#fail(error.message.replace(/^[^:]*\d+:\d+: /, '')))
    parser.on('doctype', (text) => this.#checkDoctype(text))
    parser.on('opentag', (tag) => this.#open(tag))
    parser.on('closetag', () => this.#close())
    parser.on('text', (text) => this.#text(text))
    parser.on('cdata', (text) => this.#text(text))
  }

  take(): XmlSlice[] {
    const found = this.#found
    this.#found = []
    return found
  }

  write(text: string): void {
    if (this.#start === undefined) this.#parse(text)
    else {
      this.#start += text
      if (this.#start.length >= startLength) this.#writeStart()
    }
  }

  #writeStart(): void {
    const start = this.#start ?? ''
    this.#start = undefined
    this.#parse(withoutLateDeclaration(start))
  }

  #parse(text: string): void {
    if (text !== '') this.#parser.write(text)
  }

  end(): void {
    this.#writeStart()
    this.#isEnded = true
    this.#parser.close()
  }

  #fail(what: string): never {
    const { line, column } = this.#parser
    const where = this.#path.length === 0 ? 'the top of the file' : this.#path.join(' / ').slice(0, 200)
    if (this.#isEnded)
      throw new AppError(
        'report_truncated',
        `The report is cut off: it ends at line ${line} in the middle of ${where}. Export it again, and check that the upload was complete.`,
        { meta: { line, column } },
      )
    throw new AppError(
      'report_invalid',
      `The report is not valid XML: ${what.slice(0, 200)}, at line ${line}, column ${column}, in ${where}.`,
      { meta: { line, column } },
    )
  }

  /** What declares elements and attributes alone is harmless; entities can grow without end, and addresses can be fetched. */
  #checkDoctype(text: string): void {
    const outside = text.replace(/\[[^]*$/, '')
    if (/<!ENTITY/i.test(text)) this.#fail('it declares entities of its own, which Weir does not read')
    if (/\b(SYSTEM|PUBLIC)\b/.test(outside))
      this.#fail('it refers to a document type elsewhere, which Weir does not fetch')
  }

  #open(tag: SaxesTagPlain): void {
    const name = localName(tag.name)
    this.#path.push(name)
    if (this.#path.length > this.#options.maxDepth)
      this.#fail(`elements are nested more than ${this.#options.maxDepth} deep`)
    if (this.#skipped > 0) {
      this.#skipped += 1
      return
    }
    const attributes = new Map(Object.entries(tag.attributes).map(([key, value]) => [localName(key), value]))
    const opened = { name, attributes, children: [], text: [] }
    if (this.#taken !== undefined) {
      if (this.#taken.isInHollow) this.#skipped = 1
      else this.#keep(this.#taken, opened)
      return
    }
    const path = [...this.#path]
    const at = this.#parser.position
    const wish = this.#options.wish(path)
    if (wish === 'enter')
      this.#found.push({ kind: 'entered', path, at, value: { name, attributes, children: [], text: '' } })
    else if (wish === 'skip') this.#skipped = 1
    else {
      this.#taken = { path, at, stack: [], length: 0, oversized: false, isInHollow: false }
      this.#keep(this.#taken, opened)
    }
  }

  #keep(taken: Taken, opened: Open): void {
    taken.isInHollow = taken.stack.length > 0 && this.#options.isHollow?.(opened.name) === true
    taken.stack.push(opened)
    let length = opened.name.length
    for (const [key, value] of opened.attributes) length += key.length + value.length
    this.#grow(taken, length)
  }

  #grow(taken: Taken, length: number): void {
    // An element without a word in it costs memory all the same.
    taken.length += length + 1
    if (taken.length <= this.#options.maxSliceLength || taken.oversized) return
    taken.oversized = true
    for (const open of taken.stack) {
      open.children = []
      open.text = []
    }
  }

  #text(text: string): void {
    const taken = this.#taken
    if (taken === undefined || taken.isInHollow || this.#skipped > 0) return
    this.#grow(taken, text.length)
    if (!taken.oversized) taken.stack.at(-1)?.text.push(text)
  }

  #close(): void {
    this.#path.pop()
    if (this.#skipped > 0) {
      this.#skipped -= 1
      return
    }
    const taken = this.#taken
    const open = taken?.stack.pop()
    if (taken === undefined || open === undefined) return
    taken.isInHollow = false
    const { name, attributes, children, text } = open
    const value: XmlElement = { name, attributes, children, text: text.join('') }
    const parent = taken.stack.at(-1)
    if (parent !== undefined) {
      if (!taken.oversized) parent.children.push(value)
      return
    }
    this.#taken = undefined
    const { path, at, oversized } = taken
    this.#found.push(oversized ? { kind: 'oversized', path, at } : { kind: 'value', path, at, value })
  }
}

/**
 * What a pipeline printed before a report (an empty line, a licence as a comment) stands before its declaration, where no
 * parser wants it. Blanks take the declaration's place, so that everything else stays where it is.
 */
function withoutLateDeclaration(start: string): string {
  return start.replace(
    /^((?:\s|<!--(?:(?!-->)[^])*-->)+)(<\?xml\s[^<>]{0,200}\?>)/,
    (_, before: string, declaration: string) => before + ' '.repeat(declaration.length),
  )
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
