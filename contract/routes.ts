import * as apiTokens from './access/api-tokens.ts'
import * as contributors from './access/contributors.ts'
import * as members from './access/members.ts'
import * as organizations from './access/organization.ts'
import * as sessions from './access/session.ts'
import * as activity from './delivery/activity.ts'
import * as agreements from './delivery/agreements.ts'
import * as botPatterns from './delivery/bot-patterns.ts'
import * as deliveryComparison from './delivery/compare.ts'
import * as contributorMerges from './delivery/contributor-merges.ts'
import * as deploymentSettings from './delivery/deployment-settings.ts'
import * as deployments from './delivery/deployments.ts'
import * as exclusions from './delivery/exclusions.ts'
import * as explanations from './delivery/explain.ts'
import * as metricGoals from './delivery/goals.ts'
import * as incidentFilters from './delivery/incident-filters.ts'
import * as incidents from './delivery/incidents.ts'
import * as investment from './delivery/investment.ts'
import * as deliveryLabels from './delivery/labels.ts'
import * as deliveryMetrics from './delivery/metrics.ts'
import * as peopleSettings from './delivery/people-settings.ts'
import * as publicLinks from './delivery/public-links.ts'
import * as deliveryPullRequests from './delivery/pull-requests.ts'
import * as readings from './delivery/reading.ts'
import * as remediation from './delivery/remediation.ts'
import * as reviewMatrix from './delivery/review-matrix.ts'
import * as teams from './delivery/teams.ts'
import * as weeklyDigests from './delivery/weekly-digest.ts'
import * as connections from './remotes/connections.ts'
import * as repositories from './remotes/repositories.ts'
import * as sendQueues from './remotes/send-queue.ts'
import * as webhooks from './remotes/webhooks.ts'
import type { AnyRoute } from './route.ts'
import * as assets from './security/assets.ts'
import * as bulkChanges from './security/bulk-changes.ts'
import * as byHand from './security/by-hand.ts'
import * as evidenceFiles from './security/evidence-files.ts'
import * as exported from './security/exports.ts'
import * as gates from './security/gate.ts'
import * as importLog from './security/import-log.ts'
import * as imports from './security/imports.ts'
import * as intelligence from './security/intelligence.ts'
import * as merges from './security/merges.ts'
import * as overview from './security/overview.ts'
import * as policies from './security/policies.ts'
import * as risks from './security/risk.ts'
import * as savedViews from './security/saved-views.ts'
import * as serviceLevels from './security/service-levels.ts'
import * as vulnerabilities from './security/vulnerabilities.ts'
import * as vulnerabilityTemplates from './security/vulnerability-templates.ts'
import * as attachments from './sync/attachments.ts'
import * as conversation from './sync/conversation.ts'
import * as defects from './sync/defects.ts'
import * as deliveries from './sync/deliveries.ts'
import * as events from './sync/events.ts'
import * as jiraForms from './sync/jira-form.ts'
import * as messages from './sync/messages.ts'
import * as notifications from './sync/notifications.ts'
import * as outgoingWebhooks from './sync/outgoing-webhooks.ts'
import * as reconciliations from './sync/reconciliations.ts'
import * as remoteStates from './sync/remote-states.ts'
import * as sendingSettings from './sync/sending-settings.ts'
import * as trackerRoutes from './sync/tracker-routes.ts'

function isRoute(value: unknown): value is AnyRoute {
  return typeof value === 'object' && value !== null && 'path' in value && 'method' in value && 'access' in value
}

/** Every route of the API: what the OpenAPI document, the server and the generated tests walk over. */
export const allRoutes: readonly AnyRoute[] = [
  sessions,
  members,
  contributors,
  conversation,
  apiTokens,
  organizations,
  connections,
  repositories,
  sendQueues,
  webhooks,
  assets,
  gates,
  risks,
  importLog,
  imports,
  vulnerabilities,
  merges,
  byHand,
  evidenceFiles,
  vulnerabilityTemplates,
  bulkChanges,
  exported,
  policies,
  savedViews,
  serviceLevels,
  overview,
  deliveryMetrics,
  remediation,
  reviewMatrix,
  activity,
  investment,
  deliveryComparison,
  deliveryLabels,
  deliveryPullRequests,
  explanations,
  metricGoals,
  exclusions,
  agreements,
  deployments,
  incidents,
  incidentFilters,
  deploymentSettings,
  contributorMerges,
  botPatterns,
  peopleSettings,
  teams,
  weeklyDigests,
  publicLinks,
  readings,
  intelligence,
  remoteStates,
  sendingSettings,
  trackerRoutes,
  jiraForms,
  defects,
  messages,
  attachments,
  notifications,
  outgoingWebhooks,
  deliveries,
  reconciliations,
  events,
].flatMap((module) => Object.values(module).filter(isRoute))
