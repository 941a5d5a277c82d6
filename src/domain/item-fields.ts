/** What an item shows besides its state. `priority` in the remote's words; `dueOn` a calendar day; null: none, or not told. */
export type ItemFields = {
  title: string
  priority: string | null
  dueOn: string | null
  labels: readonly string[]
}

/** A change of an item; what is left out stays as it is. Labels of people are never touched. */
export type FieldChange = {
  title?: string
  priority?: string
  dueOn?: string | null
  addLabels?: readonly string[]
  removeLabels?: readonly string[]
}

/**
 * `sent`: what we last wished for; `seen`: what the item showed when both sides last agreed. What people set there since
 * stays theirs until they set it back.
 */
export type KeptFields = { sent: ItemFields; seen: ItemFields }

/** What was changed on both sides since both were last seen, and whose stands. */
export type FieldConflict = { field: 'title' | 'priority' | 'dueOn'; theirs: string | null; stands: 'theirs' | 'ours' }

export type FieldMerge = { change: FieldChange; conflicts: readonly FieldConflict[]; kept: KeptFields }

/** Fields the remote did not take, each with its words for it. */
export type RefusedFields = Readonly<Partial<Record<keyof ItemFields, string>>>

/** What is kept of an item where the remote did not take some fields: they are not there, and are not wished for again as they are. */
export function keepRefused(kept: KeptFields, refused: RefusedFields, shown: ItemFields): KeptFields {
  const names = Object.keys(refused)
  const there = Object.fromEntries(Object.entries(shown).filter(([name]) => names.includes(name)))
  return { sent: kept.sent, seen: { ...kept.seen, ...there } }
}

/** What is kept where refused fields may be tried again: the route that led to them is another one. */
export function wishRefusedAgain({ sent, seen }: KeptFields, refused: RefusedFields): KeptFields {
  const names = Object.keys(refused)
  const again = Object.fromEntries(Object.entries(seen).filter(([name]) => names.includes(name)))
  return { sent: { ...sent, ...again }, seen }
}

/** Whether something is wished for that was not before. */
export function wishesMore(wished: ItemFields, sent: ItemFields): boolean {
  return (
    wished.title !== sent.title ||
    wished.priority !== sent.priority ||
    wished.dueOn !== sent.dueOn ||
    missingFrom(wished.labels, sent.labels).length > 0 ||
    missingFrom(sent.labels, wished.labels).length > 0
  )
}

/**
 * Three-way, field by field: what changed here alone goes out, what changed there alone stays. Where both changed, people
 * at the remote decide about title and priority, and a deadline of ours about the due date.
 */
export function mergeFields(wished: ItemFields, { sent, seen }: KeptFields, shown: ItemFields): FieldMerge {
  const conflicts: FieldConflict[] = []
  const isOurs = (field: 'title' | 'priority' | 'dueOn'): boolean => {
    if (wished[field] === sent[field] || wished[field] === shown[field]) return false
    // What was never carried there, such as a priority without a place on its screen, was changed by nobody.
    if (shown[field] === seen[field] || seen[field] === null) return true
    const stands = field === 'dueOn' ? ('ours' as const) : ('theirs' as const)
    conflicts.push({ field, theirs: shown[field], stands })
    return stands === 'ours'
  }
  const title = isOurs('title')
  const priority = isOurs('priority') && wished.priority !== null ? wished.priority : undefined
  const dueOn = isOurs('dueOn')
  const addLabels = missingFrom(missingFrom(wished.labels, sent.labels), shown.labels)
  const removeLabels = missingFrom(sent.labels, wished.labels).filter((label) => shown.labels.includes(label))
  const change: FieldChange = {
    ...(title && { title: wished.title }),
    ...(priority !== undefined && { priority }),
    ...(dueOn && { dueOn: wished.dueOn }),
    ...(addLabels.length > 0 && { addLabels }),
    ...(removeLabels.length > 0 && { removeLabels }),
  }
  const agreed = <Field extends 'title' | 'priority' | 'dueOn'>(field: Field): ItemFields[Field] => {
    if (field in change || wished[field] === shown[field]) return wished[field]
    return seen[field] === null ? shown[field] : seen[field]
  }
  const after = { title: agreed('title'), priority: agreed('priority'), dueOn: agreed('dueOn'), labels: shown.labels }
  return { change, conflicts, kept: { sent: wished, seen: after } }
}

export function isEmptyChange(change: FieldChange): boolean {
  return Object.keys(change).length === 0
}

function missingFrom(some: readonly string[], others: readonly string[]): string[] {
  return some.filter((one) => !others.includes(one))
}
