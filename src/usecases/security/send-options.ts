import { isOpen } from '../../domain/status.ts'
import type { VulnerabilityDetails } from '../../store/security/vulnerability-details.ts'
import { trackers } from '../../trackers/registry.ts'
import type { Tracker } from '../../trackers/tracker.ts'

export type SendOption = { tracker: string; title: string; available: boolean; reason: string | null }

/** Each tracker, and why a vulnerability cannot be sent to it now; sending itself judges again. */
export function listSendOptions(details: VulnerabilityDetails, sentTo: readonly string[]): SendOption[] {
  const general = refuse(details, sentTo)
  return trackers.map((tracker) => {
    const reason = general ?? refuseTracker(details, tracker)
    return { tracker: tracker.name, title: tracker.title, available: reason === null, reason }
  })
}

function refuse(details: VulnerabilityDetails, sentTo: readonly string[]): string | null {
  if (sentTo.length > 0) return 'It has an item already.'
  if (details.merged_into !== null) return 'It was merged into another vulnerability.'
  if (!isOpen(details.status))
    return `It is ${details.status.replaceAll('_', ' ')}: only open vulnerabilities are sent.`
  if (details.remote_uuid === null) return `The asset ${details.asset_name} has no repository: connect one first.`
  if (details.connection_state === 'disconnected')
    return `The connection ${details.connection_name ?? ''} is disconnected: connect it again first.`
  return details.repository_state === 'gone' ? 'The repository is gone from Bitbucket.' : null
}

function refuseTracker(details: VulnerabilityDetails, tracker: Tracker): string | null {
  const availability = tracker.describeAvailability({
    remoteUuid: details.remote_uuid ?? '',
    workspaceUuid: details.workspace_uuid ?? '',
    mainBranch: details.main_branch,
    hasIssues: details.has_issues === true && details.host_has_issues !== false,
  })
  return availability.available ? null : availability.reason
}
