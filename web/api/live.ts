import type { QueryClient } from '@tanstack/react-query'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { LiveEvent } from '../../contract/sync/events.ts'
import type { RouteId } from './route-types.ts'

/** Queries each kind of event makes stale; a stale query on screen fetches again, others when they are next shown. */
const staleBy: Record<LiveEvent['kind'], readonly RouteId[]> = {
  message: ['listConversation', 'getVulnerability', 'listVulnerabilities'],
  vulnerability: [
    'getVulnerability',
    'listVulnerabilities',
    'listVulnerabilityMerges',
    'listMergeCandidates',
    'listVulnerabilityEvents',
    'listConversation',
    'listEvidenceFiles',
    'listDefects',
    'getOverview',
    'listAssets',
    'getAsset',
  ],
  notification: ['listNotifications', 'getSession', 'listVulnerabilities', 'getVulnerability', 'getOverview'],
  delivery: [
    'listOutgoingWebhooks',
    'listOutgoingDeliveries',
    'getOutgoingDelivery',
    'listDeliveries',
    'getDelivery',
    'listDeliveryFailures',
    'listDefects',
    'listConversation',
  ],
  bulk_change: [
    'getBulkChange',
    'listBulkChanges',
    'listBulkChangeItems',
    'listVulnerabilities',
    'getVulnerability',
    'listConversation',
    'listVulnerabilityEvents',
    'getOverview',
  ],
  import: [
    'listImports',
    'getImport',
    'getImportLog',
    'getImportProgress',
    'listAssets',
    'getAsset',
    'getOverview',
    'listConversation',
  ],
  import_progress: ['listImports', 'getImport', 'getImportProgress'],
  risk: ['getRisk', 'getAssetRisk', 'getAssetGate', 'listAssets', 'getAsset'],
  connection: [
    'listConnections',
    'getConnection',
    'getConnectionProgress',
    'listFollowedRepositories',
    'listWebhooks',
    'listReconciliations',
    'getReading',
    'getSendQueue',
    'listAssets',
    'getOverview',
  ],
}
const kinds: readonly string[] = Object.keys(staleBy)

function isKind(kind: string): kind is LiveEvent['kind'] {
  return kinds.includes(kind)
}

/** The kind an event names, or `null` for one this page does not know (a newer server). */
export function parseLiveEvent(data: unknown): LiveEvent['kind'] | null {
  if (typeof data !== 'string') return null
  try {
    const value: unknown = JSON.parse(data)
    if (typeof value !== 'object' || value === null || !('kind' in value)) return null
    return typeof value.kind === 'string' && isKind(value.kind) ? value.kind : null
  } catch {
    return null
  }
}

/** A scan can announce thousands of changes at once: they are gathered for this long before pages fetch again. */
const gatherMs = 50
/** It can end on another connection than the page's: until the page is there, what is on screen is left as it is. */
const leadsElsewhere: RouteId = 'chooseWorkspace'

/** Makes queries stale a moment after they were named, each once. */
export function gatherInvalidations(client: Pick<QueryClient, 'invalidateQueries' | 'isMutating'>): {
  add: (routes: readonly RouteId[]) => void
  stop: () => void
} {
  const waiting = new Set<RouteId>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    timer = undefined
    if (client.isMutating({ mutationKey: [leadsElsewhere] }) > 0) {
      timer = setTimeout(flush, gatherMs)
      return
    }
    for (const route of waiting) void client.invalidateQueries({ queryKey: [route] })
    waiting.clear()
  }
  return {
    add: (routes) => {
      for (const route of routes) waiting.add(route)
      timer ??= setTimeout(flush, gatherMs)
    },
    stop: () => clearTimeout(timer),
  }
}

/** How long a closed stream is waited for before another is opened; the browser does not retry after an HTTP error. */
const reopenMs = 3000

/** Keeps one event stream open. `lost` is true while the server is gone; after that everything is fetched again. */
export function useLiveEvents(): { lost: boolean } {
  const client = useQueryClient()
  const [lost, setLost] = useState(false)
  useEffect(() => {
    const gathered = gatherInvalidations(client)
    let source: EventSource | undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    let wasLost = false
    const take = (event: MessageEvent) => {
      const kind = parseLiveEvent(event.data)
      if (kind !== null) gathered.add(staleBy[kind])
    }
    const open = () => {
      source = new EventSource('/api/v1/events')
      for (const kind of kinds) source.addEventListener(kind, take)
      source.addEventListener('open', () => {
        if (wasLost) void client.invalidateQueries()
        wasLost = false
        setLost(false)
      })
      source.addEventListener('error', () => {
        wasLost = true
        setLost(true)
        if (source?.readyState !== EventSource.CLOSED) return
        // A refused stream may mean that the session is over: asking for it leads to the login page then.
        void client.invalidateQueries({ queryKey: ['getSession'] })
        timer = setTimeout(open, reopenMs)
      })
    }
    open()
    return () => {
      clearTimeout(timer)
      gathered.stop()
      source?.close()
    }
  }, [client])
  return { lost }
}
