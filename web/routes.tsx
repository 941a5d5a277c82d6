import type { QueryClient } from '@tanstack/react-query'
import { createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { app } from './app-route.tsx'
import { invitation, login, root, setup, sharedView, unsubscription } from './guest-routes.tsx'
import { toAnalyticsSearch } from './pages/delivery/analytics/analytics-search.ts'
import { toDeploymentSearch } from './pages/delivery/deployments/deployment-search.ts'
import { assetTabs, toAssetListSearch } from './pages/security/assets/asset-search.ts'
import { itemStates } from './pages/security/bulk-change/bulk-change-search.ts'
import { toImportSearch } from './pages/security/imports/import-search.ts'
import { toVulnerabilitySearch, vulnerabilityTabs } from './pages/security/vulnerabilities/vulnerability-search.ts'
import { toDeliverySearch } from './pages/sync/deliveries/delivery-search.ts'
import { inboxTopics } from './pages/sync/inbox/inbox-topics.ts'
import { parseSearch, readChoice, readOne, readOnly, stringifySearch, withoutEmpty } from './search-params.ts'
import { settings } from './settings-routes.tsx'
import { PageFailure, PageMissing, PagePending } from './shell/page-states.tsx'

const overview = createRoute({
  getParentRoute: () => app,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/security/overview/overview-page.tsx'), 'OverviewPage'),
})

const vulnerabilities = createRoute({
  getParentRoute: () => app,
  path: '/vulnerabilities',
  validateSearch: readOnly(toVulnerabilitySearch),
  component: lazyRouteComponent(
    () => import('./pages/security/vulnerabilities/vulnerabilities-page.tsx'),
    'VulnerabilitiesPage',
  ),
})

const newVulnerability = createRoute({
  getParentRoute: () => app,
  path: '/vulnerabilities/new',
  validateSearch: (search: Record<string, unknown>) => withoutEmpty({ asset: readOne(search, 'asset') }),
  component: lazyRouteComponent(
    () => import('./pages/security/new-vulnerability/new-vulnerability-page.tsx'),
    'NewVulnerabilityPage',
  ),
})

const vulnerability = createRoute({
  getParentRoute: () => app,
  path: '/vulnerabilities/$id',
  validateSearch: readOnly((search) => withoutEmpty({ tab: readChoice(search, 'tab', vulnerabilityTabs) })),
  component: lazyRouteComponent(
    () => import('./pages/security/vulnerability/vulnerability-page.tsx'),
    'VulnerabilityPage',
  ),
})

const inbox = createRoute({
  getParentRoute: () => app,
  path: '/inbox',
  validateSearch: readOnly((search) =>
    withoutEmpty({
      show: readChoice(search, 'show', ['all'] as const),
      about: readChoice(search, 'about', inboxTopics),
    }),
  ),
  component: lazyRouteComponent(() => import('./pages/sync/inbox/inbox-page.tsx'), 'InboxPage'),
})

const analytics = createRoute({
  getParentRoute: () => app,
  path: '/analytics',
  validateSearch: readOnly(toAnalyticsSearch),
  component: lazyRouteComponent(() => import('./pages/delivery/analytics/analytics-page.tsx'), 'AnalyticsPage'),
})

const deployments = createRoute({
  getParentRoute: () => app,
  path: '/analytics/deployments',
  validateSearch: readOnly(toDeploymentSearch),
  component: lazyRouteComponent(() => import('./pages/delivery/deployments/deployments-page.tsx'), 'DeploymentsPage'),
})

const pullRequest = createRoute({
  getParentRoute: () => app,
  path: '/analytics/pull-requests/$id',
  component: lazyRouteComponent(() => import('./pages/delivery/pull-request/pull-request-page.tsx'), 'PullRequestPage'),
})

const assets = createRoute({
  getParentRoute: () => app,
  path: '/assets',
  validateSearch: readOnly(toAssetListSearch),
  component: lazyRouteComponent(() => import('./pages/security/assets/assets-page.tsx'), 'AssetsPage'),
})

const asset = createRoute({
  getParentRoute: () => app,
  path: '/assets/$id',
  validateSearch: readOnly((search) => withoutEmpty({ tab: readChoice(search, 'tab', assetTabs) })),
  component: lazyRouteComponent(() => import('./pages/security/asset/asset-page.tsx'), 'AssetPage'),
})

const riskFormula = createRoute({
  getParentRoute: () => app,
  path: '/risk-score',
  component: lazyRouteComponent(() => import('./pages/security/risk/formula-page.tsx'), 'FormulaPage'),
})

const imports = createRoute({
  getParentRoute: () => app,
  path: '/imports',
  validateSearch: readOnly(toImportSearch),
  component: lazyRouteComponent(() => import('./pages/security/imports/imports-page.tsx'), 'ImportsPage'),
})

const importRoute = createRoute({
  getParentRoute: () => app,
  path: '/imports/$id',
  validateSearch: (search: Record<string, unknown>) => withoutEmpty({ outcome: readOne(search, 'outcome') }),
  component: lazyRouteComponent(() => import('./pages/security/import/import-page.tsx'), 'ImportPage'),
})

const bulkChange = createRoute({
  getParentRoute: () => app,
  path: '/bulk-changes/$id',
  validateSearch: readOnly((search) => withoutEmpty({ state: readChoice(search, 'state', itemStates) })),
  component: lazyRouteComponent(() => import('./pages/security/bulk-change/bulk-change-page.tsx'), 'BulkChangePage'),
})

const bulkChanges = createRoute({
  getParentRoute: () => app,
  path: '/bulk-changes',
  validateSearch: readOnly((search) => withoutEmpty({ show: readChoice(search, 'show', ['mine'] as const) })),
  component: lazyRouteComponent(() => import('./pages/security/bulk-changes/bulk-changes-page.tsx'), 'BulkChangesPage'),
})

const integrations = createRoute({
  getParentRoute: () => app,
  path: '/integrations',
  component: lazyRouteComponent(
    () => import('./pages/remotes/integrations/integrations-frame.tsx'),
    'IntegrationsFrame',
  ),
})

const sourceControl = createRoute({
  getParentRoute: () => integrations,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/remotes/integrations/source-control.tsx'), 'SourceControl'),
})

const trackers = createRoute({
  getParentRoute: () => integrations,
  path: '/trackers',
  component: lazyRouteComponent(() => import('./pages/remotes/integrations/defect-trackers.tsx'), 'DefectTrackers'),
})

const scanners = createRoute({
  getParentRoute: () => integrations,
  path: '/scanners',
  component: lazyRouteComponent(() => import('./pages/remotes/integrations/scanners.tsx'), 'Scanners'),
})

const deliveries = createRoute({
  getParentRoute: () => integrations,
  path: '/deliveries',
  validateSearch: readOnly(toDeliverySearch),
  component: lazyRouteComponent(() => import('./pages/sync/deliveries/deliveries-page.tsx'), 'DeliveriesPage'),
})

const outgoingWebhooks = createRoute({
  getParentRoute: () => integrations,
  path: '/webhooks',
  validateSearch: (search: Record<string, unknown>) => withoutEmpty({ log: readOne(search, 'log') }),
  component: lazyRouteComponent(
    () => import('./pages/sync/outgoing-webhooks/outgoing-webhooks-page.tsx'),
    'OutgoingWebhooksPage',
  ),
})

const connection = createRoute({
  getParentRoute: () => app,
  path: '/integrations/connections/$id',
  component: lazyRouteComponent(() => import('./pages/remotes/connection/connection-page.tsx'), 'ConnectionPage'),
})

const oauthCallback = createRoute({
  getParentRoute: () => app,
  path: '/oauth/$remote/callback',
  validateSearch: (search: Record<string, unknown>) =>
    withoutEmpty({
      state: readOne(search, 'state'),
      code: readOne(search, 'code'),
      error: readOne(search, 'error'),
      error_description: readOne(search, 'error_description'),
    }),
  component: lazyRouteComponent(
    () => import('./pages/remotes/oauth-callback/oauth-callback-page.tsx'),
    'OAuthCallbackPage',
  ),
})

const policies = createRoute({
  getParentRoute: () => app,
  path: '/policies',
  component: lazyRouteComponent(() => import('./pages/security/policies/policies-page.tsx'), 'PoliciesPage'),
})

const trackerRoutes = createRoute({
  getParentRoute: () => app,
  path: '/routes',
  validateSearch: readOnly((search) => withoutEmpty({ q: readOne(search, 'q') })),
  component: lazyRouteComponent(() => import('./pages/sync/routes/routes-page.tsx'), 'RoutesPage'),
})

const tree = root.addChildren([
  setup,
  login,
  invitation,
  unsubscription,
  sharedView,
  app.addChildren([
    overview,
    vulnerabilities,
    newVulnerability,
    vulnerability,
    inbox,
    analytics,
    deployments,
    pullRequest,
    assets,
    asset,
    riskFormula,
    imports,
    importRoute,
    bulkChanges,
    bulkChange,
    integrations.addChildren([sourceControl, trackers, scanners, outgoingWebhooks, deliveries]),
    connection,
    oauthCallback,
    policies,
    trackerRoutes,
    settings,
  ]),
])

export function makeRouter(client: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { client },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultErrorComponent: PageFailure,
    defaultNotFoundComponent: PageMissing,
    defaultPendingComponent: PagePending,
    defaultPendingMs: 300,
    defaultPendingMinMs: 100,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
