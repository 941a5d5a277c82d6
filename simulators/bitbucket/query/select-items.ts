import { isJsonObject, type Json } from '../../shared/json.ts'
import { badRequest } from '../simulator-error.ts'
import { assertComparable, compare, contains, order, sortKey } from './compare.ts'
import { type Condition, type Literal, type Operator, parseQuery } from './parse-query.ts'

/** Fields that may be asked about; a name ending in `.*` opens everything below it. */
export type QueryableFields = readonly string[]

const account = (name: string) => [`${name}.uuid`, `${name}.account_id`, `${name}.nickname`, `${name}.display_name`]

export const queryable = {
  repository: [
    'uuid',
    'name',
    'slug',
    'full_name',
    'description',
    'language',
    'scm',
    'is_private',
    'has_issues',
    'size',
    'created_on',
    'updated_on',
    'mainbranch.name',
    'project.key',
    'project.uuid',
    'project.name',
    'workspace.slug',
    'workspace.uuid',
    'website',
    'fork_policy',
    'has_wiki',
    'type',
    'parent',
    'parent.name',
    'parent.full_name',
    'parent.uuid',
    ...account('parent.owner'),
    ...account('owner'),
  ],
  pullRequest: [
    'id',
    'title',
    'description',
    'state',
    'draft',
    'reason',
    'comment_count',
    'task_count',
    'close_source_branch',
    'created_on',
    'updated_on',
    'source.branch.name',
    'source.commit.hash',
    'source.repository.full_name',
    'source.repository.uuid',
    'destination.branch.name',
    'destination.commit.hash',
    'destination.repository.full_name',
    'destination.repository.uuid',
    'merge_commit',
    'merge_commit.hash',
    'closed_by',
    'queued',
    'type',
    'summary.raw',
    ...account('author'),
    ...account('participants.user'),
    ...account('reviewers'),
    ...account('closed_by'),
  ],
  comment: [
    'id',
    'content.raw',
    'created_on',
    'updated_on',
    'deleted',
    'pending',
    'parent',
    'parent.id',
    'inline',
    'inline.path',
    'inline.to',
    'inline.from',
    'resolution',
    ...account('user'),
  ],
  issue: [
    'id',
    'title',
    'content.raw',
    'state',
    'kind',
    'priority',
    'votes',
    'created_on',
    'updated_on',
    'edited_on',
    'assignee',
    'reporter',
    'component',
    'milestone',
    'version',
    'component.name',
    'milestone.name',
    'version.name',
    ...account('assignee'),
    ...account('reporter'),
  ],
  issueChange: [
    'id',
    'created_on',
    'changes.state.new',
    'changes.state.old',
    'changes.priority.new',
    'changes.kind.new',
    'changes.assignee.new',
    ...account('user'),
  ],
  ref: ['name', 'type', 'target.hash', 'target.date', 'target.message', 'target.author.raw'],
  status: ['key', 'name', 'state', 'refname', 'url', 'description', 'type', 'created_on', 'updated_on'],
  member: ['permission', 'user.email', ...account('user')],
  workspace: ['slug', 'uuid', 'name', 'administrator', 'workspace.slug', 'workspace.uuid'],
  permission: ['permission', 'repository.name', 'repository.full_name', 'repository.uuid', 'type', ...account('user')],
  project: ['key', 'name', 'uuid', 'is_private', 'created_on', 'updated_on', 'description'],
  task: ['id', 'state', 'content.raw', 'created_on', 'updated_on', 'comment.id', ...account('creator')],
  annotation: ['external_id', 'path', 'line', 'severity', 'annotation_type', 'created_on'],
} as const satisfies Record<string, QueryableFields>

/** Values at a dotted path; a list on the way gives several. */
export function valuesAt(value: Json | undefined, path: string[]): Json[] {
  if (value === undefined || value === null) return [null]
  const [head, ...rest] = path
  if (head === undefined) return Array.isArray(value) ? value : [value]
  if (Array.isArray(value)) return value.length === 0 ? [null] : value.flatMap((member) => valuesAt(member, path))
  return isJsonObject(value) ? valuesAt(value[head], rest) : [null]
}

function holds(field: string, operator: Operator, found: { values: Json[]; literals: Literal[] }): boolean {
  const [literal] = found.literals
  if (literal === undefined) return false
  const equals = (one: Literal) => found.values.some((value) => compare(field, value, one) === 0)
  const some = (test: (order: number) => boolean) =>
    found.values.some((value) => {
      const order = compare(field, value, literal)
      return order !== undefined && test(order)
    })
  switch (operator) {
    case '=':
      return equals(literal)
    case '!=':
      return !equals(literal)
    case '~':
      return found.values.some((value) => contains(value, literal))
    case '!~':
      return !found.values.some((value) => contains(value, literal))
    case '>':
      return some((order) => order > 0)
    case '>=':
      return some((order) => order >= 0)
    case '<':
      return some((order) => order < 0)
    case '<=':
      return some((order) => order <= 0)
    case 'IN':
      return found.literals.some(equals)
    case 'NOT IN':
      return !found.literals.some(equals)
    default:
      return operator satisfies never
  }
}

/** What one record has at a field; a list on the way gives several values. */
type ReadField = (field: string) => Json[]

function matches(condition: Condition, read: ReadField): boolean {
  switch (condition.kind) {
    case 'and':
      return matches(condition.left, read) && matches(condition.right, read)
    case 'or':
      return matches(condition.left, read) || matches(condition.right, read)
    case 'compare':
      return holds(condition.field, condition.operator, {
        values: read(condition.field),
        literals: condition.values,
      })
    default:
      return condition satisfies never
  }
}

/** Refuses with 400 what names an unknown field, or asks one what its kind cannot answer. */
function assertAskable(condition: Condition, known: QueryableFields): void {
  if (condition.kind === 'compare') {
    assertKnownField(condition.field, known)
    assertComparable(condition.field, condition.operator, condition.values)
    return
  }
  assertAskable(condition.left, known)
  assertAskable(condition.right, known)
}

function assertKnownField(field: string, known: QueryableFields): void {
  if (!known.includes(field)) throw badRequest(`Invalid field name: ${field}`)
}

/** How records that are not rendered yet are asked: by a reader of their own where there is one, else as rendered. */
export interface Readers<Item> {
  render: (item: Item) => Json
  /** Dotted field → its value, or several. What stands here saves rendering every record of a long list. */
  quick?: Record<string, (item: Item) => Json>
  /** Fields whose numbers are sorted as numbers: v9 before v10. */
  natural?: readonly string[]
}

function fieldReader<Item>(item: Item, { render, quick }: Readers<Item>): ReadField {
  let rendered: Json | undefined
  return (field) => {
    const read = quick?.[field]
    if (read !== undefined) {
      const found = read(item)
      return Array.isArray(found) && found.length > 0 ? found : [Array.isArray(found) ? null : found]
    }
    rendered ??= render(item)
    return valuesAt(rendered, field.split('.'))
  }
}

const naturally = new Intl.Collator('en', { numeric: true })

function naturalOrder(one: Json, other: Json): number {
  return typeof one === 'string' && typeof other === 'string' ? naturally.compare(one, other) : 0
}

/** `q` and `sort` over records; unknown fields are refused with 400. */
export function selectItems<Item>(
  items: readonly Item[],
  query: URLSearchParams,
  known: QueryableFields,
  readers: Readers<Item>,
): readonly Item[] {
  const source = query.get('q')
  let kept = items
  if (source !== null && source.trim() !== '') {
    const condition = parseQuery(source)
    assertAskable(condition, known)
    kept = items.filter((item) => matches(condition, fieldReader(item, readers)))
  }
  const sort = query.get('sort')
  if (sort === null || sort === '') return kept
  const sign = sort.startsWith('-') ? -1 : 1
  const field = sort.replace(/^[-+ ]/, '')
  assertKnownField(field, known)
  const isNatural = readers.natural?.includes(field) === true
  const inOrder = isNatural ? naturalOrder : order
  const toKey = isNatural ? (value: Json) => value : sortKey(field)
  return kept
    .map((item) => ({ item, key: toKey(fieldReader(item, readers)(field)[0] ?? null) }))
    .toSorted((one, other) => sign * inOrder(one.key, other.key))
    .map(({ item }) => item)
}
