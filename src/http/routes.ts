import type { HttpContext } from './context.ts'
import type { LiveHub } from './live-hub.ts'
import { createLoginThrottle } from './login-throttle.ts'
import type { BoundRoute } from './route.ts'
import { apiTokenRoutes } from './routes/access/api-tokens.ts'
import { contributorRoutes } from './routes/access/contributors.ts'
import { memberRoutes } from './routes/access/members.ts'
import { organizationRoutes } from './routes/access/organization.ts'
import { sessionRoutes } from './routes/access/session.ts'
import { deploymentRoutes } from './routes/delivery/deployments.ts'
import { exclusionRoutes } from './routes/delivery/exclusions.ts'
import { goalRoutes } from './routes/delivery/goals.ts'
import { incidentRoutes } from './routes/delivery/incidents.ts'
import { investmentRoutes } from './routes/delivery/investment.ts'
import { metricRoutes } from './routes/delivery/metrics.ts'
import { peopleRoutes } from './routes/delivery/people.ts'
import { publicLinkRoutes } from './routes/delivery/public-links.ts'
import { readingRoutes } from './routes/delivery/reading.ts'
import { remediationRoutes } from './routes/delivery/remediation.ts'
import { teamRoutes } from './routes/delivery/teams.ts'
import { weeklyDigestRoutes } from './routes/delivery/weekly-digest.ts'
import { connectionRoutes } from './routes/remotes/connections.ts'
import { repositoryRoutes } from './routes/remotes/repositories.ts'
import { webhookRoutes } from './routes/remotes/webhooks.ts'
import { assetRoutes } from './routes/security/assets.ts'
import { bulkChangeRoutes } from './routes/security/bulk-changes.ts'
import { byHandRoutes } from './routes/security/by-hand.ts'
import { evidenceFileRoutes } from './routes/security/evidence-files.ts'
import { exportRoutes } from './routes/security/exports.ts'
import { gateRoutes } from './routes/security/gate.ts'
import { importRoutes } from './routes/security/imports.ts'
import { intelligenceRoutes } from './routes/security/intelligence.ts'
import { mergeRoutes } from './routes/security/merges.ts'
import { overviewRoutes } from './routes/security/overview.ts'
import { policyRoutes } from './routes/security/policies.ts'
import { riskRoutes } from './routes/security/risk.ts'
import { savedViewRoutes } from './routes/security/saved-views.ts'
import { serviceLevelRoutes } from './routes/security/service-levels.ts'
import { vulnerabilityRoutes } from './routes/security/vulnerabilities.ts'
import { vulnerabilityTemplateRoutes } from './routes/security/vulnerability-templates.ts'
import { attachmentRoutes } from './routes/sync/attachments.ts'
import { defectRoutes } from './routes/sync/defects.ts'
import { deliveryRoutes } from './routes/sync/deliveries.ts'
import { eventRoutes } from './routes/sync/events.ts'
import { jiraFormRoutes } from './routes/sync/jira-form.ts'
import { messageRoutes } from './routes/sync/messages.ts'
import { notificationRoutes } from './routes/sync/notifications.ts'
import { outgoingWebhookRoutes } from './routes/sync/outgoing-webhooks.ts'
import { reconciliationRoutes } from './routes/sync/reconciliations.ts'
import { remoteStateRoutes } from './routes/sync/remote-states.ts'
import { sendingSettingsRoutes } from './routes/sync/sending-settings.ts'
import { trackerRouteRoutes } from './routes/sync/tracker-routes.ts'

/** Every route of the API with its answer. */
export function listRoutes(context: HttpContext, hub: LiveHub): BoundRoute[] {
  const throttle = createLoginThrottle(context.clock)
  return [
    ...sessionRoutes(context, throttle),
    ...memberRoutes(context, throttle),
    ...contributorRoutes(context),
    ...apiTokenRoutes(context),
    ...organizationRoutes(context),
    ...connectionRoutes(context),
    ...repositoryRoutes(context),
    ...webhookRoutes(context),
    ...assetRoutes(context),
    ...gateRoutes(context),
    ...riskRoutes(context),
    ...importRoutes(context),
    ...vulnerabilityRoutes(context),
    ...mergeRoutes(context),
    ...byHandRoutes(context),
    ...evidenceFileRoutes(context),
    ...vulnerabilityTemplateRoutes(context),
    ...bulkChangeRoutes(context),
    ...exportRoutes(context),
    ...policyRoutes(context),
    ...savedViewRoutes(context),
    ...serviceLevelRoutes(context),
    ...overviewRoutes(context),
    ...metricRoutes(context),
    ...remediationRoutes(context),
    ...investmentRoutes(context),
    ...exclusionRoutes(context),
    ...goalRoutes(context),
    ...deploymentRoutes(context),
    ...incidentRoutes(context),
    ...peopleRoutes(context),
    ...teamRoutes(context),
    ...weeklyDigestRoutes(context),
    ...publicLinkRoutes(context),
    ...readingRoutes(context),
    ...intelligenceRoutes(context),
    ...remoteStateRoutes(context),
    ...sendingSettingsRoutes(context),
    ...trackerRouteRoutes(context),
    ...jiraFormRoutes(context),
    ...defectRoutes(context),
    ...messageRoutes(context),
    ...attachmentRoutes(context),
    ...notificationRoutes(context),
    ...outgoingWebhookRoutes(context),
    ...deliveryRoutes(context),
    ...reconciliationRoutes(context),
    ...eventRoutes(context, hub),
  ]
}
