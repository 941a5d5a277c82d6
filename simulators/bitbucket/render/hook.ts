import type { JsonObject } from '../../shared/json.ts'
import type { Hook } from '../model.ts'
import type { Sim } from '../state.ts'
import { renderWorkspaceReference } from './account.ts'
import { apiRepositoryUrl, encodeUuid, href } from './links.ts'
import { renderRepositoryReference } from './repository.ts'

/** The secret is never part of it; `secret_set` tells whether there is one. */
export function renderHook(sim: Sim, hook: Hook): JsonObject {
  const base =
    hook.subject.kind === 'repository'
      ? apiRepositoryUrl(sim, hook.subject.repository)
      : `${sim.urls.api}/workspaces/${hook.subject.workspace.slug}`
  return {
    type: 'webhook_subscription',
    uuid: hook.uuid,
    url: hook.url,
    description: hook.description,
    subject_type: hook.subject.kind,
    subject:
      hook.subject.kind === 'repository'
        ? renderRepositoryReference(sim, hook.subject.repository)
        : renderWorkspaceReference(sim, hook.subject.workspace),
    active: hook.active,
    // Recorded with Z where everything else of the kind has +00:00.
    created_at: hook.createdAt.replace('+00:00', 'Z'),
    events: hook.events,
    secret_set: hook.secret !== null,
    skip_cert_verification: hook.skipCertVerification,
    history_enabled: hook.historySince !== null,
    read_only: false,
    source: null,
    links: { self: href(`${base}/hooks/${encodeUuid(hook.uuid)}`) },
  }
}
