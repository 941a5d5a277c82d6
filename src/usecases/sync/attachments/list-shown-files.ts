import { readMessage } from '../../../domain/message-text.ts'
import type { RequestLane } from '../../../domain/request-budget.ts'
import type { DefectRow } from '../../../store/sync/defects.ts'
import type { Fetched, TrackerComment, TrackerFile } from '../../../trackers/tracker.ts'
import { itemRef, openTracker, type TrackerDeps } from '../open-tracker.ts'

type Wordless = { defect: DefectRow; comment: Fetched<TrackerComment>; lane: RequestLane }

/**
 * The files of an item, where a comment came that has no words and so may be there for a file alone: whose remote names
 * nobody, they are of whoever wrote that comment. Undefined where there is no need to look.
 */
export async function listShownFiles(
  deps: TrackerDeps,
  { defect, comment, lane }: Wordless,
): Promise<TrackerFile[] | undefined> {
  if (comment.kind === 'deleted' || readMessage(comment.value.body) !== '') return undefined
  const { open } = await openTracker(deps, { place: defect, lane })
  const listed = await open.files?.list(itemRef(defect))
  if (listed?.kind !== 'found') return undefined
  const { author, createdAt } = comment.value
  return listed.value.map((file) => ({
    ...file,
    author: file.author ?? author,
    createdAt: file.createdAt ?? createdAt,
  }))
}
