import * as z from 'zod'

/** What runs a job: its data unchecked, as it came out of the queue. Throws when the queue should try again. */
export type JobHandler = (data: unknown) => Promise<void>

const id = z.uuid()
export const deliveriesData = z.object({ organizationId: id, deliveryIds: z.array(id).min(1) })
export const defectData = z.object({ organizationId: id, defectId: id })
export const connectionData = z.object({ organizationId: id, connectionId: id })
export const reconcileData = connectionData.extend({
  full: z.literal(true).optional(),
  memberName: z.string().optional(),
})
export const feedData = z.object({ organizationId: id, feedId: id })
export const organizationData = z.object({ organizationId: id })
export const commitReportData = z.object({ organizationId: id, commitReportId: id })
export const bulkChangeData = z.object({ organizationId: id, bulkChangeId: id })
export const setUpData = z.object({
  organizationId: id,
  connectionId: id,
  memberId: id.optional(),
  uuids: z.union([z.literal('all'), z.array(z.string())]),
})
export type SetUpData = z.output<typeof setUpData>
export type ConnectionData = z.output<typeof connectionData>
