import * as z from 'zod'
import { severities } from '../../../domain/severity.ts'
import { statuses } from '../../../domain/status.ts'

const name = z.string().nullable()

/** What a bulk change does, as its row holds it: with the words people read later, when a member may be renamed. */
export const storedChange = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('move'),
    to: z.enum(statuses),
    reason: z.string().nullable(),
    accepted_until: z.string().nullable(),
  }),
  z.object({ kind: z.literal('assign'), assignee_id: z.string().nullable(), assignee_name: name }),
  z.object({ kind: z.literal('tags'), add: z.array(z.string()), remove: z.array(z.string()) }),
  z.object({ kind: z.literal('severity'), severity: z.enum(severities), reason: z.string() }),
  z.object({ kind: z.literal('send'), tracker: z.string().nullable() }),
  /** `of` is what the other one did, in words. */
  z.object({ kind: z.literal('undo'), of: z.string(), undone_kind: z.enum(['move', 'assign', 'tags', 'severity']) }),
])

export type StoredChange = z.infer<typeof storedChange>

const words = (text: string): string => {
  const spaced = text.replaceAll('_', ' ')
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

/** `Status: False positive`; `Tags: + payments, − legacy`. */
export function summarise(change: StoredChange): string {
  switch (change.kind) {
    case 'move':
      return `Status: ${words(change.to)}${change.accepted_until === null ? '' : ` until ${change.accepted_until}`}`
    case 'assign':
      return `Assignee: ${change.assignee_name ?? 'nobody'}`
    case 'tags':
      return `Tags: ${[...change.add.map((tag) => `+ ${tag}`), ...change.remove.map((tag) => `− ${tag}`)].join(', ')}`
    case 'severity':
      return `Severity: ${words(change.severity)}`
    case 'send':
      return 'Send to the tracker'
    case 'undo':
      return `Undo of: ${change.of}`
  }
}

/** The sentence people gave with it. */
export function reasonOf(change: StoredChange): string | null {
  return change.kind === 'move' || change.kind === 'severity' ? change.reason : null
}
