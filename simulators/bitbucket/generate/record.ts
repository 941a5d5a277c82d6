import type { Person } from '../model.ts'

/** What a record in the file is made of: one flat list a line, read back in the order it was written. */
type Value = string | number | boolean | null

/** Writes records that name people and commits by number. */
export class RecordWriter {
  readonly #people: ReadonlyMap<Person, number>
  #hashes = new Map<string, number>()
  #lines: string[] = []
  #values: Value[] = []

  constructor(people: ReadonlyMap<Person, number>) {
    this.#people = people
  }

  get count(): number {
    return this.#lines.length
  }

  add(...values: Value[]): void {
    this.#values.push(...values)
  }

  person(person: Person | null): void {
    this.#values.push(person === null ? -1 : (this.#people.get(person) ?? -1))
  }

  hash(hash: string | null): void {
    if (hash === null) {
      this.#values.push(-1)
      return
    }
    const known = this.#hashes.get(hash) ?? this.#hashes.size
    this.#hashes.set(hash, known)
    this.#values.push(known)
  }

  list<Item>(items: readonly Item[], write: (item: Item) => void): void {
    this.#values.push(items.length)
    for (const item of items) write(item)
  }

  endRecord(): void {
    this.#lines.push(JSON.stringify(this.#values))
    this.#values = []
  }

  /** All records so far, the table of commits before them; begins anew. */
  take(): string {
    const text = [JSON.stringify([...this.#hashes.keys()]), ...this.#lines, ''].join('\n')
    this.#hashes = new Map()
    this.#lines = []
    return text
  }
}

function parseLine(bytes: Buffer, start: number, end: number): unknown[] {
  const value: unknown = JSON.parse(bytes.toString('utf8', start, end))
  if (!Array.isArray(value)) throw new Error('a record is no list')
  return value
}

/** Reads what a `RecordWriter` wrote; throws when the next value is of another kind. */
export class RecordReader {
  readonly #people: readonly Person[]
  readonly #bytes: Buffer
  readonly #hashes: readonly unknown[]
  #place: number
  #values: unknown[] = []
  #index = 0
  /** Moments repeat within a record: one string serves them all. */
  readonly #moments = new Map<string, string>()

  constructor(bytes: Buffer, people: readonly Person[]) {
    this.#bytes = bytes
    this.#people = people
    const end = bytes.indexOf(0x0a)
    this.#hashes = parseLine(bytes, 0, end)
    this.#place = end + 1
  }

  /** Goes to the next record; false after the last. */
  next(): boolean {
    const end = this.#bytes.indexOf(0x0a, this.#place)
    if (end === -1) return false
    this.#values = parseLine(this.#bytes, this.#place, end)
    this.#index = 0
    this.#place = end + 1
    this.#moments.clear()
    return true
  }

  #take(): unknown {
    return this.#values[this.#index++]
  }

  text(): string {
    const value = this.#take()
    if (typeof value !== 'string') throw new Error('a record has no text where it should')
    return value
  }

  number(): number {
    const value = this.#take()
    if (typeof value !== 'number') throw new Error('a record has no number where it should')
    return value
  }

  flag(): boolean {
    const value = this.#take()
    if (typeof value !== 'boolean') throw new Error('a record has no flag where it should')
    return value
  }

  /** One of a few words. */
  word<Word extends string>(words: readonly Word[]): Word {
    const text = this.text()
    const found = words.find((one) => one === text)
    if (found === undefined) throw new Error(`a record has "${text}" where it should have one of ${words.join(', ')}`)
    return found
  }

  /** What `read` makes of the next value, or null where that is null. */
  optional<Found>(read: () => Found): Found | null {
    if (this.#values[this.#index] !== null) return read()
    this.#index += 1
    return null
  }

  moment(): string {
    const text = this.text()
    const known = this.#moments.get(text)
    if (known !== undefined) return known
    this.#moments.set(text, text)
    return text
  }

  person(): Person {
    const person = this.#people[this.number()]
    if (person === undefined) throw new Error('a record names nobody')
    return person
  }

  maybePerson(): Person | null {
    return this.#people[this.number()] ?? null
  }

  hash(): string {
    const hash = this.#hashes[this.number()]
    if (typeof hash !== 'string') throw new Error('a record names no commit')
    return hash
  }

  maybeHash(): string | null {
    const hash = this.#hashes[this.number()]
    return typeof hash === 'string' ? hash : null
  }

  list<Item>(read: () => Item): Item[] {
    return Array.from({ length: this.number() }, read)
  }
}
