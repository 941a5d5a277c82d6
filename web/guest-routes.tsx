import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import { toLocalPath } from './api/leave-to-login.ts'
import { sessionQuery, setupQuery } from './api/session.ts'
import { readOne, withoutEmpty } from './search-params.ts'

export const root = createRootRouteWithContext<{ client: QueryClient }>()({ component: Outlet })

export const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./pages/access/setup/setup-page.tsx'), 'SetupPage'),
})

export const login = createRoute({
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

export const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('./pages/access/invitation/invitation-page.tsx'), 'InvitationPage'),
})

export const unsubscription = createRoute({
  getParentRoute: () => root,
  path: '/unsubscribe',
  validateSearch: (search: Record<string, unknown>) => withoutEmpty({ token: readOne(search, 'token') }),
  component: lazyRouteComponent(() => import('./pages/sync/unsubscribe/unsubscribe-page.tsx'), 'UnsubscribePage'),
})

export const sharedView = createRoute({
  getParentRoute: () => root,
  path: '/shared',
  component: lazyRouteComponent(() => import('./pages/delivery/shared-view/shared-view-page.tsx'), 'SharedViewPage'),
})
