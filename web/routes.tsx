import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { toLocalPath } from './api/leave-to-login.ts'
import { sessionQuery, setupQuery } from './api/session.ts'
import { assetTabs, toAssetListSearch } from './pages/security/assets/asset-search.ts'
import { itemStates } from './pages/security/bulk-change/bulk-change-search.ts'
import { toVulnerabilitySearch, vulnerabilityTabs } from './pages/security/vulnerabilities/vulnerability-search.ts'
import { toDeliverySearch } from './pages/sync/deliveries/delivery-search.ts'
import { parseSearch, readChoice, readOne, readOnly, stringifySearch, withoutEmpty } from './search-params.ts'
import { AppFrame } from './shell/app-frame.tsx'
import { AppFailure, PageFailure, PageMissing, PagePending } from './shell/page-states.tsx'

const root = createRootRouteWithContext<{ client: QueryClient }>()({ component: Outlet })

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./pages/access/setup/setup-page.tsx'), 'SetupPage'),
})

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search: Record<string, unknown>) => withoutEmpty({ return: readOne(search, 'return') }),
  beforeLoad: async ({ context, search }) => {
    const { needed } = await context.client.ensureQueryData(setupQuery)
    if (needed) throw redirect({ to: '/setup' })
    const session = await context.client.ensureQueryData(sessionQuery)
    if (session !== null) throw redirect({ href: toLocalPath(search.return) })
  },
  component: lazyRouteComponent(() => import('./pages/access/login/login-page.tsx'), 'LoginPage'),
})

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('./pages/access/invitation/invitation-page.tsx'), 'InvitationPage'),
})

/** Every page behind the login. */
const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  beforeLoad: async ({ context, location }) => {
    const session = await context.client.ensureQueryData(sessionQuery)
    if (session !== null) return
    throw redirect({ to: '/login', search: location.href === '/' ? {} : { return: location.href } })
  },
  component: AppFrame,
  errorComponent: AppFailure,
})

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
  validateSearch: readOnly((search) => withoutEmpty({ show: readChoice(search, 'show', ['all'] as const) })),
  component: lazyRouteComponent(() => import('./pages/sync/inbox/inbox-page.tsx'), 'InboxPage'),
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

const connection = createRoute({
  getParentRoute: () => app,
  path: '/integrations/connections/$id',
  component: lazyRouteComponent(() => import('./pages/remotes/connection/connection-page.tsx'), 'ConnectionPage'),
})

const oauthCallback = createRoute({
  getParentRoute: () => app,
  path: '/oauth/bitbucket/callback',
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

const settings = createRoute({
  getParentRoute: () => app,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/access/settings/settings-frame.tsx'), 'SettingsFrame'),
})

const members = createRoute({
  getParentRoute: () => settings,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/access/settings/members.tsx'), 'Members'),
})

const gateSettings = createRoute({
  getParentRoute: () => settings,
  path: '/gate',
  component: lazyRouteComponent(() => import('./pages/security/gate/gate-settings-page.tsx'), 'GateSettingsPage'),
})

const tokens = createRoute({
  getParentRoute: () => settings,
  path: '/tokens',
  component: lazyRouteComponent(() => import('./pages/access/settings/api-tokens.tsx'), 'ApiTokens'),
})

const serviceLevels = createRoute({
  getParentRoute: () => settings,
  path: '/service-levels',
  component: lazyRouteComponent(() => import('./pages/security/service-levels/service-levels.tsx'), 'ServiceLevels'),
})

const password = createRoute({
  getParentRoute: () => settings,
  path: '/password',
  component: lazyRouteComponent(() => import('./pages/access/settings/password.tsx'), 'Password'),
})

const templates = createRoute({
  getParentRoute: () => settings,
  path: '/templates',
  component: lazyRouteComponent(() => import('./pages/security/templates/templates.tsx'), 'Templates'),
})

const intelligence = createRoute({
  getParentRoute: () => settings,
  path: '/intelligence',
  component: lazyRouteComponent(() => import('./pages/access/settings/intelligence.tsx'), 'Intelligence'),
})

const audit = createRoute({
  getParentRoute: () => settings,
  path: '/audit',
  component: lazyRouteComponent(() => import('./pages/access/settings/audit-log.tsx'), 'AuditLog'),
})

const tree = root.addChildren([
  setup,
  login,
  invitation,
  app.addChildren([
    overview,
    vulnerabilities,
    newVulnerability,
    vulnerability,
    inbox,
    assets,
    asset,
    riskFormula,
    importRoute,
    bulkChange,
    integrations.addChildren([sourceControl, trackers, scanners, deliveries]),
    connection,
    oauthCallback,
    policies,
    settings.addChildren([members, gateSettings, serviceLevels, templates, tokens, password, intelligence, audit]),
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
