import { createRoute, redirect } from '@tanstack/react-router'
import { sessionQuery } from './api/session.ts'
import { root } from './guest-routes.tsx'
import { AppFrame } from './shell/app-frame.tsx'
import { AppFailure } from './shell/page-states.tsx'

/** Every page behind the login. */
export const app = createRoute({
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
