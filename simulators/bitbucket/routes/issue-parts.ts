import { needs } from '../auth/scopes.ts'
import { type Endpoint, listItems } from '../call.ts'
import { trackerPartKinds } from '../model/issue-tracker.ts'
import { getTrackerPart } from '../operations/issue-tracker.ts'
import { trackerPartFields } from '../query/issue-fields.ts'
import { renderTrackerPart } from '../render/issue.ts'
import { readTracker, trackerBase, trackerEndpoint } from './issue-call.ts'

/** Components, milestones and versions. */
export const issuePartEndpoints: Endpoint[] = trackerPartKinds.flatMap((kind) => [
  trackerEndpoint('GET', `${trackerBase}/${kind}s`, needs.readIssue, (call) => {
    const place = readTracker(call)
    return listItems(call, place.repository.tracker[kind], {
      render: (part) => renderTrackerPart(place, kind, part),
      queryable: trackerPartFields,
    })
  }),
  trackerEndpoint('GET', `${trackerBase}/${kind}s/:${kind}`, needs.readIssue, (call) => {
    const place = readTracker(call)
    return { body: renderTrackerPart(place, kind, getTrackerPart(place.repository, kind, call.params[kind] ?? '')) }
  }),
])
