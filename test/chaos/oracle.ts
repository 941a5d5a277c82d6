/** What somebody said, by whom, and what may have become of it. Its mark stands in each of its texts. */
export type Said = {
  mark: number
  by: 'champion' | 'developer'
  /** Said in Weir alone: nothing of it may ever be found at the remote. */
  isInternal: boolean
  /** Of the message in Weir, or of the comment at the remote. */
  id: string
  /** Changes at Weir name the version they were made of. */
  version: number
  /** Every text it may have now: more than one where a change was asked for and nobody answered. */
  texts: string[]
  /** `maybe`: it was asked for, or its deletion was, and nobody answered. */
  isThere: 'yes' | 'no' | 'maybe'
  /** Said before a person deleted the item, or before it was sent anew: nothing is promised of the remote any more. */
  isAdrift?: boolean
}

/** A file, by its name, which is nobody else's. */
export type SharedFile = {
  name: string
  /** What it was sent along with; undefined for what a developer put into the item. */
  goesWith: Said | undefined
  isAdrift?: boolean
}

/** One problem, and all that was said about it. */
export type Conversation = {
  said: Said[]
  files: SharedFile[]
  /** A person deleted its item at the remote. */
  hasLostItem: boolean
}

/** Nothing said, nothing lost. */
export function newConversation(): Conversation {
  return { said: [], files: [], hasLostItem: false }
}

/** The answer to something asked for: `unknown` where the connection broke, so that both may be true. */
export type Answered<Value> = { kind: 'done'; value: Value } | { kind: 'refused' } | { kind: 'unknown' }

export type Difference = { kind: 'duplicate' | 'lost' | 'diverged'; what: string }

/** The text of a mark's version; no remote makes a link or a mention of it. */
export function textOf(mark: number, version: number): string {
  return `Text ${mark}.${version}`
}

const markPattern = /\bText (\d+)\.\d+\b/

/** Notes who said something anew. */
export function noteSaid(
  conversation: Conversation,
  said: Pick<Said, 'mark' | 'by' | 'isInternal'> & { text: string },
  answer: Answered<{ id: string; version: number }>,
): void {
  if (answer.kind === 'refused') return
  const { text, ...rest } = said
  const known = answer.kind === 'done' ? answer.value : { id: '', version: 0 }
  conversation.said.push({ ...rest, ...known, texts: [text], isThere: answer.kind === 'done' ? 'yes' : 'maybe' })
}

/** Notes an edit. */
export function noteEdit(said: Said, text: string, answer: Answered<{ version: number }>): void {
  if (answer.kind === 'done') Object.assign(said, { texts: [text], version: answer.value.version })
  if (answer.kind === 'unknown') said.texts.push(text)
}

/** Notes a deletion. */
export function noteDeletion(said: Said, answer: Answered<unknown>): void {
  if (answer.kind === 'done') said.isThere = 'no'
  if (answer.kind === 'unknown') said.isThere = 'maybe'
}

/** Notes that all that was said until now has lost the item it stood in. */
export function noteAdrift(conversation: Conversation): void {
  conversation.hasLostItem = true
  for (const one of [...conversation.said, ...conversation.files]) one.isAdrift = true
}

/** Whether somebody can go on with it: what became of it is known. */
export function isCertain(said: Said): boolean {
  return said.isThere === 'yes' && said.texts.length === 1
}

/** The words alone: each tracker has signs of its own around them. */
function wordsOf(text: string): string {
  return (text.split('\n', 1)[0] ?? '').replaceAll(/[^\p{Letter}\p{Number}.]+/gu, ' ').trim()
}

function split(texts: readonly string[]) {
  const marked = new Map<number, string[]>()
  const others: string[] = []
  for (const text of texts) {
    const found = markPattern.exec(text)
    // A message that is a file alone has no words.
    if (found === null && wordsOf(text) !== '') others.push(wordsOf(text))
    if (found === null) continue
    marked.set(Number(found[1]), [...(marked.get(Number(found[1])) ?? []), found[0]])
  }
  return { marked, others: others.toSorted() }
}

/**
 * Compares a conversation with what both sides show of it: texts of the messages in Weir (`here`) and of the comments at
 * the remote (`there`), deleted ones left out. What bears no mark is Weir's own, and has to be the same on both sides.
 */
export function judgeConversation(
  { said, hasLostItem }: Pick<Conversation, 'said' | 'hasLostItem'>,
  seen: { here: readonly string[]; there: readonly string[] },
): Difference[] {
  const here = split(seen.here)
  const there = split(seen.there)
  const found = said.flatMap((one) =>
    judgeSaid(one, { here: here.marked.get(one.mark) ?? [], there: there.marked.get(one.mark) ?? [] }),
  )
  const known = new Set(said.map(({ mark }) => mark))
  for (const mark of new Set([...here.marked.keys(), ...there.marked.keys()]))
    if (!known.has(mark)) found.push({ kind: 'diverged', what: `Text ${mark} stands there, and nobody said it` })
  // Of an item that is gone Weir keeps its words, and does not say them again.
  const isMissing = hasLostItem
    ? hasMore(there.others, here.others)
    : here.others.join('\n') !== there.others.join('\n')
  if (isMissing)
    found.push({
      kind: here.others.length < there.others.length ? 'duplicate' : 'lost',
      what: `of Weir's own words ${JSON.stringify(here.others)} the remote has ${JSON.stringify(there.others)}`,
    })
  return found
}

function hasMore(there: readonly string[], here: readonly string[]): boolean {
  const countOf = (texts: readonly string[], text: string): number => texts.filter((one) => one === text).length
  return there.some((text) => countOf(there, text) > countOf(here, text))
}

function judgeSaid(said: Said, seen: { here: string[]; there: string[] }): Difference[] {
  const what = `what the ${said.by} said${said.isInternal ? ' among us' : ''} as ${said.texts.join(' or ')} stands in Weir as ${JSON.stringify(seen.here)}, at the remote as ${JSON.stringify(seen.there)}`
  const { here } = seen
  if (said.isInternal && seen.there.length > 0) return [{ kind: 'diverged', what }]
  const there = said.isInternal ? here : seen.there
  if (here.length > 1 || there.length > 1) return [{ kind: 'duplicate', what }]
  if (said.isAdrift === true) return judgeAdrift(said, { here, what })
  if (said.isThere === 'yes' && (here.length === 0 || there.length === 0)) return [{ kind: 'lost', what }]
  if (said.isThere === 'no' && here.length + there.length > 0) return [{ kind: 'diverged', what }]
  const texts = [...here, ...there]
  const isRight =
    here.length === there.length && here[0] === there[0] && texts.every((text) => said.texts.includes(text))
  return isRight ? [] : [{ kind: 'diverged', what }]
}

/** What a champion said stands in Weir whatever became of the item; an answer may have gone with it before Weir heard it. */
function judgeAdrift(said: Said, { here, what }: { here: string[]; what: string }): Difference[] {
  if (said.by === 'developer') return []
  if (said.isThere === 'yes' && here.length === 0) return [{ kind: 'lost', what }]
  const isRight = here.every((text) => said.isThere !== 'no' && said.texts.includes(text))
  return isRight ? [] : [{ kind: 'diverged', what }]
}
