import type { JsonObject } from '../../shared/json.ts'
import type { Hook } from '../model.ts'
import type { Place } from './place.ts'

export const hookSection = 'issue-related-events-section'

/** The secret is never shown again: only whether there is one. */
export function renderHook(place: Place, hook: Hook): JsonObject {
  return {
    name: hook.name,
    url: hook.url,
    excludeBody: hook.excludeBody,
    filters: { [hookSection]: hook.jql ?? '' },
    events: hook.events,
    enabled: hook.isEnabled,
    isSigned: hook.secret !== null,
    self: `${place.base}/rest/webhooks/1.0/webhook/${hook.id}`,
    lastUpdatedUser: hook.owner.accountId,
    lastUpdatedDisplayName: hook.owner.displayName,
    lastUpdated: hook.updated,
  }
}
