import * as z from 'zod'
import type { FieldChange, ItemFields, RefusedFields } from '../../domain/item-fields.ts'
import { composeItemTitle, type ItemContent } from '../../domain/item-text.ts'
import { isAppError } from '../../lib/app-error.ts'
import { deletedWhenMissing } from '../deleted-when-missing.ts'
import type { Fetched, FieldKeeper, ItemRef } from '../tracker.ts'
import { fetchIssue, issuePath, type JiraPlace } from './jira-place.ts'
import { settings } from './schema.ts'

export function openFields(place: JiraPlace): FieldKeeper {
  return {
    wish: (content) => wishFields(place.settings, content),
    push: ({ item, change }) => push(place, item, change),
  }
}

/** A fixed value of the route is never Weir's to change. */
export function wishFields(given: unknown, content: ItemContent): ItemFields | undefined {
  const parsed = settings.safeParse(given)
  if (!parsed.success) return undefined
  const { fields, priorities, dueDate, labels } = parsed.data
  const isOurs = (field: string) => !(field in fields)
  return {
    title: composeItemTitle(content),
    priority: isOurs('priority') ? (priorities[content.severity] ?? null) : null,
    dueOn: isOurs('duedate') && dueDate ? (content.dueAt?.toISOString().slice(0, 10) ?? null) : null,
    labels,
  }
}

const refusedFields = z.record(z.string(), z.unknown())

const ours = { summary: 'title', priority: 'priority', duedate: 'dueOn', labels: 'labels' } as const

async function push(place: JiraPlace, item: ItemRef, change: FieldChange): Promise<Fetched<RefusedFields>> {
  const { client, lane } = place
  const put = (body: Body) => client.write('PUT', issuePath(item), { what: 'change an issue', lane, body })
  const body = toBody(change)
  return deletedWhenMissing(
    async () => {
      try {
        await put(body)
      } catch (error) {
        if (!isAppError(error, 'remote_refused')) throw error
        // Not on the screen of this project, or no value of it any more: the others still count.
        const refused = refusedFields.safeParse(error.meta?.['remote_fields']).data ?? {}
        const rest = without(body, Object.keys(refused))
        if (Object.keys(refused).length === 0) throw error
        if (Object.keys(rest.fields).length + Object.keys(rest.update).length > 0) await put(rest)
        return { kind: 'found', value: toRefused(refused) }
      }
      return { kind: 'found', value: {} }
    },
    () => fetchIssue(place, item),
  )
}

function toRefused(refused: Readonly<Record<string, unknown>>): RefusedFields {
  return Object.fromEntries(
    Object.entries(ours).flatMap(([name, field]) => {
      const words = refused[name]
      return words === undefined ? [] : [[field, typeof words === 'string' ? words : 'Jira did not take it.']]
    }),
  )
}

type Body = { fields: Record<string, unknown>; update: Record<string, unknown> }

function toBody({ title, priority, dueOn, addLabels = [], removeLabels = [] }: FieldChange): Body {
  const labels = [...addLabels.map((add) => ({ add })), ...removeLabels.map((remove) => ({ remove }))]
  return {
    fields: {
      ...(title !== undefined && { summary: title }),
      ...(priority !== undefined && { priority: { name: priority } }),
      ...(dueOn !== undefined && { duedate: dueOn }),
    },
    update: labels.length === 0 ? {} : { labels },
  }
}

function without({ fields, update }: Body, names: readonly string[]): Body {
  const keep = (record: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)))
  return { fields: keep(fields), update: keep(update) }
}
