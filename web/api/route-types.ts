import type * as z from 'zod'
import type * as apiTokens from '../../contract/access/api-tokens.ts'
import type * as contributors from '../../contract/access/contributors.ts'
import type * as members from '../../contract/access/members.ts'
import type * as organizations from '../../contract/access/organization.ts'
import type * as sessions from '../../contract/access/session.ts'
import type * as activity from '../../contract/delivery/activity.ts'
import type * as agreements from '../../contract/delivery/agreements.ts'
import type * as botPatterns from '../../contract/delivery/bot-patterns.ts'
import type * as deliveryComparison from '../../contract/delivery/compare.ts'
import type * as contributorMerges from '../../contract/delivery/contributor-merges.ts'
import type * as deploymentSettings from '../../contract/delivery/deployment-settings.ts'
import type * as deployments from '../../contract/delivery/deployments.ts'
import type * as exclusions from '../../contract/delivery/exclusions.ts'
import type * as explanations from '../../contract/delivery/explain.ts'
import type * as metricGoals from '../../contract/delivery/goals.ts'
import type * as incidentFilters from '../../contract/delivery/incident-filters.ts'
import type * as incidents from '../../contract/delivery/incidents.ts'
import type * as investment from '../../contract/delivery/investment.ts'
import type * as deliveryLabels from '../../contract/delivery/labels.ts'
import type * as deliveryMetrics from '../../contract/delivery/metrics.ts'
import type * as peopleSettings from '../../contract/delivery/people-settings.ts'
import type * as publicLinks from '../../contract/delivery/public-links.ts'
import type * as deliveryPullRequests from '../../contract/delivery/pull-requests.ts'
import type * as readings from '../../contract/delivery/reading.ts'
import type * as remediation from '../../contract/delivery/remediation.ts'
import type * as reviewMatrix from '../../contract/delivery/review-matrix.ts'
import type * as teams from '../../contract/delivery/teams.ts'
import type * as weeklyDigests from '../../contract/delivery/weekly-digest.ts'
import type * as connections from '../../contract/remotes/connections.ts'
import type * as repositories from '../../contract/remotes/repositories.ts'
import type * as sendQueues from '../../contract/remotes/send-queue.ts'
import type * as webhooks from '../../contract/remotes/webhooks.ts'
import type { AnyRoute, RouteDefinition } from '../../contract/route.ts'
import type * as assets from '../../contract/security/assets.ts'
import type * as bulkChanges from '../../contract/security/bulk-changes.ts'
import type * as byHand from '../../contract/security/by-hand.ts'
import type * as evidenceFiles from '../../contract/security/evidence-files.ts'
import type * as exported from '../../contract/security/exports.ts'
import type * as gates from '../../contract/security/gate.ts'
import type * as importLog from '../../contract/security/import-log.ts'
import type * as imports from '../../contract/security/imports.ts'
import type * as intelligence from '../../contract/security/intelligence.ts'
import type * as merges from '../../contract/security/merges.ts'
import type * as overview from '../../contract/security/overview.ts'
import type * as policies from '../../contract/security/policies.ts'
import type * as risks from '../../contract/security/risk.ts'
import type * as savedViews from '../../contract/security/saved-views.ts'
import type * as serviceLevels from '../../contract/security/service-levels.ts'
import type * as vulnerabilities from '../../contract/security/vulnerabilities.ts'
import type * as vulnerabilityTemplates from '../../contract/security/vulnerability-templates.ts'
import type * as attachments from '../../contract/sync/attachments.ts'
import type * as conversation from '../../contract/sync/conversation.ts'
import type * as defects from '../../contract/sync/defects.ts'
import type * as deliveries from '../../contract/sync/deliveries.ts'
import type * as events from '../../contract/sync/events.ts'
import type * as jiraForms from '../../contract/sync/jira-form.ts'
import type * as messages from '../../contract/sync/messages.ts'
import type * as notifications from '../../contract/sync/notifications.ts'
import type * as outgoingWebhooks from '../../contract/sync/outgoing-webhooks.ts'
import type * as reconciliations from '../../contract/sync/reconciliations.ts'
import type * as remoteStates from '../../contract/sync/remote-states.ts'
import type * as sendingSettings from '../../contract/sync/sending-settings.ts'
import type * as trackerRoutes from '../../contract/sync/tracker-routes.ts'

type Access = typeof apiTokens & typeof contributors & typeof members & typeof organizations & typeof sessions
type Remotes = typeof connections & typeof repositories & typeof sendQueues & typeof webhooks
type Security = typeof intelligence &
  typeof assets &
  typeof importLog &
  typeof imports &
  typeof overview &
  typeof policies &
  typeof savedViews &
  typeof vulnerabilities
type Bulk = typeof bulkChanges & typeof exported & typeof merges
type Risk = typeof gates & typeof risks & typeof serviceLevels
type Synced = typeof conversation & typeof jiraForms & typeof outgoingWebhooks & typeof reconciliations
type Sync = Synced &
  typeof attachments &
  typeof defects &
  typeof deliveries &
  typeof events &
  typeof messages &
  typeof notifications &
  typeof remoteStates &
  typeof sendingSettings &
  typeof trackerRoutes
type Delivery = typeof deliveryMetrics &
  typeof reviewMatrix &
  typeof activity &
  typeof investment &
  typeof deliveryComparison &
  typeof deliveryLabels &
  typeof deliveryPullRequests &
  typeof exclusions &
  typeof explanations &
  typeof metricGoals &
  typeof agreements &
  typeof deployments &
  typeof incidents &
  typeof incidentFilters &
  typeof deploymentSettings &
  typeof botPatterns &
  typeof contributorMerges &
  typeof peopleSettings &
  typeof remediation &
  typeof teams &
  typeof weeklyDigests &
  typeof publicLinks
type ByHand = typeof byHand & typeof evidenceFiles & typeof vulnerabilityTemplates
type Modules = ByHand & Access & Delivery & typeof readings & Remotes & Security & Bulk & Sync & Risk

/** Ids of all routes of the contract. */
export type RouteId = { [Key in keyof Modules]: Modules[Key] extends AnyRoute ? Key : never }[keyof Modules]

type Text<Schema> = Schema extends z.ZodType ? z.output<Schema> : never
type Part<Name extends string, Schema> = Schema extends z.ZodType
  ? // oxlint-disable-next-line typescript/no-generated-empty-object-type -- asks whether every key may be left out
    Record<never, unknown> extends z.output<Schema>
    ? { readonly [Key in Name]?: z.output<Schema> }
    : { readonly [Key in Name]: z.output<Schema> }
  : object

/** What a route is called with: `params`, `query`, `body`, each only where the contract has it. */
export type RouteInput<Id extends RouteId> =
  Modules[Id] extends RouteDefinition<infer Params, infer Query, infer Body, infer _Response>
    ? Part<'params', Params> & Part<'query', Query> & Part<'body', Body>
    : object

export type RouteResponse<Id extends RouteId> =
  Modules[Id] extends RouteDefinition<infer _Params, infer _Query, infer _Body, infer Response> ? Text<Response> : never
