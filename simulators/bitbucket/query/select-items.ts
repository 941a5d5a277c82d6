import { isJsonObject, type Json } from '../../shared/json.ts'
import { issuePriorities } from '../model.ts'
import { badRequest } from '../simulator-error.ts'
import { instant } from './instant.ts'
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
    'parent',
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
    'merge_commit.hash',
    ...account('author'),
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
  ref: ['name', 'target.hash', 'target.date'],
  status: ['key', 'name', 'state', 'refname', 'url', 'created_on', 'updated_on'],
  member: ['permission', 'user.email', ...account('user')],
  workspace: ['slug', 'uuid', 'name', 'administrator', 'workspace.slug', 'workspace.uuid'],
  permission: ['permission', 'repository.name', 'repository.full_name', 'repository.uuid', ...account('user')],
  project: ['key', 'name', 'uuid', 'is_private', 'created_on', 'updated_on', 'description'],
  task: ['id', 'state', 'content.raw', 'created_on', 'updated_on', 'comment.id', ...account('creator')],
  annotation: ['external_id', 'path', 'line', 'severity', 'annotation_type', 'created_on'],
} as const satisfies Record<string, QueryableFields>

/** Values at a dotted path; a list on the way gives several. */
function valuesAt(value: Json | undefined, path: string[]): Json[] {
  if (value === undefined || value === null) return [null]
  const [head, ...rest] = path
  if (head === undefined) return [value]
  if (Array.isArray(value)) return value.length === 0 ? [null] : value.flatMap((member) => valuesAt(member, path))
  return isJsonObject(value) ? valuesAt(value[head], rest) : [null]
}

function rank(field: string, text: string): number | undefined {
  if (field !== 'priority') return undefined
  const index = issuePriorities.findIndex((one) => one === text)
  return index === -1 ? undefined : index
}

/** Less than, equal, greater than 0; undefined when the two cannot be compared. */
function compare(field: string, value: Json, literal: Literal): number | undefined {
  switch (literal.kind) {
    case 'null':
      return value === null ? 0 : undefined
    case 'boolean':
      return typeof value === 'boolean' ? Number(value) - Number(literal.value) : undefined
    case 'number':
      return typeof value === 'number' ? value - literal.value : undefined
    case 'date':
      return typeof value === 'string' ? instant(value) - literal.value : undefined
    case 'text': {
      if (typeof value === 'number') return value - Number(literal.value)
      if (typeof value !== 'string') return undefined
      const [left, right] = [rank(field, value), rank(field, literal.value)]
      if (left !== undefined && right !== undefined) return left - right
      if (field.endsWith('_on')) return instant(value) - instant(literal.value)
      // Twelve characters of a hash stand for the whole.
      if (field.endsWith('commit.hash') && literal.value.startsWith(value)) return 0
      return value === literal.value ? 0 : value < literal.value ? -1 : 1
    }
    default:
      return literal satisfies never
  }
}

function contains(value: Json, literal: Literal): boolean {
  return (
    typeof value === 'string' && literal.kind === 'text' && value.toLowerCase().includes(literal.value.toLowerCase())
  )
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

function fieldsOf(condition: Condition): string[] {
  return condition.kind === 'compare' ? [condition.field] : [...fieldsOf(condition.left), ...fieldsOf(condition.right)]
}

function assertKnownField(field: string, known: QueryableFields): void {
  if (!known.includes(field)) throw badRequest(`Invalid field name: ${field}`)
}

/** How records that are not rendered yet are asked: by a reader of their own where there is one, else as rendered. */
export interface Readers<Item> {
  render: (item: Item) => Json
  /** Dotted field → its value. What stands here saves rendering every record of a long list. */
  quick?: Record<string, (item: Item) => Json>
}

function fieldReader<Item>(item: Item, { render, quick }: Readers<Item>): ReadField {
  let rendered: Json | undefined
  return (field) => {
    const read = quick?.[field]
    if (read !== undefined) return [read(item)]
    rendered ??= render(item)
    return valuesAt(rendered, field.split('.'))
  }
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
    for (const field of fieldsOf(condition)) assertKnownField(field, known)
    kept = items.filter((item) => matches(condition, fieldReader(item, readers)))
  }
  const sort = query.get('sort')
  if (sort === null || sort === '') return kept
  const sign = sort.startsWith('-') ? -1 : 1
  const field = sort.replace(/^[-+ ]/, '')
  assertKnownField(field, known)
  return kept
    .map((item) => ({ item, key: fieldReader(item, readers)(field)[0] ?? null }))
    .toSorted((one, other) => sign * order(field, one.key, other.key))
    .map(({ item }) => item)
}

function toText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function order(field: string, one: Json, other: Json): number {
  if (one === null || other === null) return Number(one !== null) - Number(other !== null)
  if (typeof one === 'number' && typeof other === 'number') return one - other
  const [left, right] = [toText(one), toText(other)]
  const ranks = [rank(field, left), rank(field, right)]
  if (ranks[0] !== undefined && ranks[1] !== undefined) return ranks[0] - ranks[1]
  if (/(_on|date)$/.test(field)) return instant(left) - instant(right)
  return left < right ? -1 : left > right ? 1 : 0
}
