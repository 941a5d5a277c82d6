import * as z from 'zod'
import { statuses } from '../../../domain/status.ts'
import type { Grouped } from '../../../store/security/regroupings.ts'

const stored = z.object({
  status: z.object({
    status: z.enum(statuses),
    statusReason: z.string().nullable(),
    acceptedUntil: z.string().nullable(),
    fixedAt: z.string().nullable(),
  }),
})

export type StatusBefore = z.output<typeof stored>

/** The status a merge or split changes, as its undo finds it again. */
export function toStatusBefore({ status, statusReason, acceptedUntil, fixedAt }: Grouped): StatusBefore {
  return { status: { status, statusReason, acceptedUntil, fixedAt: fixedAt?.toISOString() ?? null } }
}

/** What of a regrouping's memory says so; undefined where it changed no status. */
export function parseStatusBefore(memory: unknown): StatusBefore['status'] | undefined {
  const parsed = stored.safeParse(memory)
  return parsed.success ? parsed.data.status : undefined
}
