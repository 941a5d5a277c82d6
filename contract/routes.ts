import * as apiTokens from './access/api-tokens.ts'
import * as members from './access/members.ts'
import * as organizations from './access/organization.ts'
import * as sessions from './access/session.ts'
import * as connections from './remotes/connections.ts'
import * as repositories from './remotes/repositories.ts'
import * as webhooks from './remotes/webhooks.ts'
import type { AnyRoute } from './route.ts'
import * as assets from './security/assets.ts'
import * as bulkChanges from './security/bulk-changes.ts'
import * as byHand from './security/by-hand.ts'
import * as evidenceFiles from './security/evidence-files.ts'
import * as exported from './security/exports.ts'
import * as gates from './security/gate.ts'
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
import * as defects from './sync/defects.ts'
import * as deliveries from './sync/deliveries.ts'
import * as events from './sync/events.ts'
import * as messages from './sync/messages.ts'
import * as notifications from './sync/notifications.ts'

function isRoute(value: unknown): value is AnyRoute {
  return typeof value === 'object' && value !== null && 'path' in value && 'method' in value && 'access' in value
}

/** Every route of the API: what the OpenAPI document, the server and the generated tests walk over. */
export const allRoutes: readonly AnyRoute[] = [
  sessions,
  members,
  apiTokens,
  organizations,
  connections,
  repositories,
  webhooks,
  assets,
  gates,
  risks,
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
  intelligence,
  defects,
  messages,
  notifications,
  deliveries,
  events,
].flatMap((module) => Object.values(module).filter(isRoute))
