import * as z from 'zod'
import type { DefectRow } from '../../store/sync/defects.ts'

const inProject = z.object({ project: z.string() })

/** What items are compared by together: one repository, or one project of a site. One that is closed to us keeps no other from its turn. */
export function itemRoom(defect: Pick<DefectRow, 'tracker' | 'repository_id' | 'container_id' | 'remote'>): string {
  const project = inProject.safeParse(defect.remote).data?.project ?? ''
  return `${defect.tracker} ${defect.repository_id ?? `${defect.container_id} ${project}`}`
}
