import type { Answered } from './oracle.ts'

/** Where the item of a defect is, as Weir's own row has it. */
export type ItemPlace = { container: string; remoteId: string; remote: unknown }

/** An item that carries one of Weir's markers, as its tracker shows it. */
export type SeenItem = {
  defectId: string
  /** Null: this kind of item has none; `mixed`: two signs that disagree. */
  state: 'open' | 'closed' | 'mixed' | null
  /** The same in the remote's words. */
  signs: string
  /** Texts of its conversation, the item's own left out. */
  texts: string[]
  /** Names of its files; null where it cannot have any. */
  files: string[] | null
}

/** Times something struck, by its name. */
export type Counts = Record<string, number>

/** A simulated remote: the developer's hands, everything it shows, and what can be made to go wrong there. */
export type RemoteSide = {
  answer: (item: ItemPlace, text: string) => Promise<Answered<{ id: string; version: number }>>
  answerAgain: (item: ItemPlace, commentId: string, text: string) => Promise<Answered<{ version: number }>>
  takeBack: (item: ItemPlace, commentId: string) => Promise<Answered<unknown>>
  setState: (item: ItemPlace, state: 'open' | 'closed') => Promise<unknown>
  /** Puts a file into the item. */
  attach: (item: ItemPlace, name: string) => Promise<Answered<unknown>>
  deleteItem: (item: ItemPlace) => Promise<Answered<unknown>>
  /** Every live item with a marker of Weir. */
  listItems: () => SeenItem[]
  /** From here on requests of Weir and webhooks go wrong, as the seed says. */
  planFaults: (seed: number) => void
  /** What is held back goes out; resolves when nothing is on its way. */
  heal: () => Promise<void>
  /** Notes what struck and what was acknowledged since the last look: the logs keep the latest alone. */
  look: () => void
  faults: Counts
  /** Ids of the webhooks Weir answered with 2xx. */
  acknowledged: ReadonlySet<string>
  close: () => Promise<void>
}

/** Counts each record once, however often the log is looked at. */
export function createFaultCounter(): { faults: Counts; count: (record: object, name: string) => void } {
  const seen = new WeakSet<object>()
  const faults: Counts = {}
  return {
    faults,
    count: (record, name) => {
      if (seen.has(record)) return
      seen.add(record)
      faults[name] = (faults[name] ?? 0) + 1
    },
  }
}

/** Reads the ids of markers in a text; of defects alone, since those of messages begin with `m-`. */
export function defectIdOf(text: string): string | undefined {
  const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
  return new RegExp(String.raw`\[weir\]: #[0-9a-z]+-(${uuid})`).exec(text)?.[1]
}
