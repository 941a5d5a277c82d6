import { describe, expect, test } from 'vitest'
import { findingKeys } from '../finding-identity.ts'
import type { ExistingFinding, ReportIdentity } from './identities.ts'
import { matchFindings } from './match-findings.ts'

/** A line of code that can be recognised through all edits, for us; the matcher sees its text and number alone. */
type Line = { id: number; text: string }
type Files = Map<string, Line[]>

/** mulberry32: numbers in [0, 1). */
function dice(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const names = ['order', 'berth', 'ship', 'crew', 'cargo', 'light', 'pier', 'crane', 'tide', 'rope', 'buoy', 'chart']
/** Half of them leave little to tell findings apart by, as in real code. */
const calls = [
  (a: string, b: string) => `result = run(${a}, shell=True)  # ${b}`,
  (a: string, b: string) => `cursor.execute("select * from ${a} where ${b} = %s" % value)`,
  (a: string) => `digest = md5(${a}.encode()).hexdigest()`,
  () => 'except Exception:',
  () => 'assert response.ok',
  (a: string, b: string) => `${a}_${b} = eval(text)`,
]

class World {
  readonly #roll: () => number
  #ids = 0
  readonly files: Files = new Map()

  constructor(seed: number) {
    this.#roll = dice(seed)
    for (let index = 0; index < 25; index++)
      this.files.set(`src/${this.#pick(names)}/${this.#pick(names)}_${index}.py`, this.#block(40 + this.#below(200)))
  }

  #below(limit: number): number {
    return Math.floor(this.#roll() * limit)
  }

  #pick<Item>(items: readonly Item[]): Item {
    const item = items[this.#below(items.length)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }

  #block(length: number): Line[] {
    return Array.from({ length }, () => this.#line())
  }

  #line(): Line {
    const isFlagged = this.#roll() < 0.08
    const [a, b] = [this.#pick(names), this.#pick(names)]
    return { id: (this.#ids += 1), text: isFlagged ? this.#pick(calls)(a, b) : `${a} = ${b}.next()` }
  }

  /** A month of work: inserted and removed blocks, edited lines, renamed files, functions that moved. */
  work(): void {
    for (const [path, lines] of Array.from(this.files)) {
      for (let times = this.#below(4); times > 0; times--)
        lines.splice(this.#below(lines.length), 0, ...this.#block(1 + this.#below(15)))
      if (this.#roll() < 0.4) lines.splice(this.#below(lines.length), this.#below(12))
      for (const line of lines) if (this.#roll() < 0.03) line.text = this.#edit(line.text)
      if (this.#roll() < 0.12) {
        this.files.delete(path)
        this.files.set(this.#roll() < 0.5 ? `lib/${path}` : path.replace('.py', '_new.py'), lines)
      }
    }
  }

  /** One word is another one now; what makes it a finding stays. */
  #edit(text: string): string {
    const words = names.filter((name) => text.includes(name))
    return words.length === 0 ? text : text.replace(this.#pick(words), this.#pick(names))
  }

  findings(): { id: number; path: string; line: number; ruleId: string; text: string }[] {
    const all = Array.from(this.files, ([path, lines]) =>
      lines.flatMap(({ id, text }, index) => {
        const rule = ['shell=', 'execute', 'md5', 'except', 'assert', 'eval'].find((word) => text.includes(word))
        return rule === undefined ? [] : [{ id, path, line: index + 1, ruleId: rule, text }]
      }),
    )
    return all.flat()
  }
}

type Told = ReturnType<World['findings']>[number]

function toIdentity({ path, line, ruleId, text }: Told, hasCode: boolean): Omit<ReportIdentity, 'position'> {
  const scanner = 'Lantern'
  const nothing = { aliases: [], fingerprint: null, package: null, endpoint: null, resource: null, secret: null }
  const snippet = hasCode ? text : null
  const fields = { ...nothing, kind: 'code' as const, scanner, ruleId, path, snippet, message: ruleId, isSecret: false }
  return {
    ...findingKeys(fields, ''),
    kind: 'code',
    scanner,
    ruleId,
    path,
    line,
    column: 1,
    isSuppressed: false,
    bodyHash: text,
  }
}

/** Of the findings that are there still: how many were recognised; and of all that were recognised, how many wrongly. */
function judge(seed: number, hasCode: boolean): { kept: number; same: number; wrong: number; pairs: number } {
  const world = new World(seed)
  const before = world.findings().map((one) => ({ ...one }))
  world.work()
  const now = world.findings()
  const existing = before.map((one, index): ExistingFinding => {
    const { column: _column, isSuppressed: _suppressed, ...identity } = toIdentity(one, hasCode)
    return { ...identity, id: String(index), contentIndex: 0, active: true, status: 'identified' }
  })
  const report = now.map((one, position) => ({ ...toIdentity(one, hasCode), position }))
  const { items } = matchFindings({ existing, report, closingScanners: ['Lantern'] })
  const pairs = items.flatMap(({ findingId, position }) => {
    const [known, seen] = [before[Number(findingId ?? -1)], now[position]]
    return known === undefined || seen === undefined ? [] : [{ known, seen }]
  })
  const ids = new Set(before.map(({ id }) => id))
  return {
    kept: pairs.filter(({ known, seen }) => known.id === seen.id).length,
    same: now.filter(({ id }) => ids.has(id)).length,
    wrong: pairs.filter(({ known, seen }) => known.id !== seen.id).length,
    pairs: pairs.length,
  }
}

function sum(hasCode: boolean): { kept: number; wrong: number } {
  const all = Array.from({ length: 30 }, (_, seed) => judge(seed, hasCode))
  const add = (pick: (one: (typeof all)[number]) => number): number => all.reduce((total, one) => total + pick(one), 0)
  return {
    kept: add((one) => one.kept) / add((one) => one.same),
    wrong: add((one) => one.wrong) / add((one) => one.pairs),
  }
}

describe('after a month of edits', () => {
  test('findings with their code are recognised', () => {
    const { kept, wrong } = sum(true)
    expect(kept).toBeGreaterThan(0.99)
    expect(wrong).toBeLessThan(0.005)
  })
  test('findings without code are recognised by how their files moved', () => {
    const { kept, wrong } = sum(false)
    expect(kept).toBeGreaterThan(0.97)
    expect(wrong).toBeLessThan(0.01)
  })
})
