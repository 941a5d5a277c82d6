import type { Permission } from '../../src/domain/permissions.ts'
import type { IconName } from '../ui/icon.tsx'

type Screen = {
  readonly to:
    | '/'
    | '/vulnerabilities'
    | '/inbox'
    | '/assets'
    | '/analytics'
    | '/integrations'
    | '/policies'
    | '/routes'
    | '/settings'
  readonly title: string
  readonly icon: IconName
  readonly needs: Permission
}

/** The left menu, in order; the palette offers the same. */
export const screens: readonly Screen[] = [
  { to: '/', title: 'Overview', icon: 'overview', needs: 'read' },
  { to: '/vulnerabilities', title: 'Vulnerabilities', icon: 'vulnerabilities', needs: 'read' },
  { to: '/inbox', title: 'Inbox', icon: 'inbox', needs: 'read' },
  { to: '/assets', title: 'Assets', icon: 'assets', needs: 'read' },
  { to: '/analytics', title: 'Analytics', icon: 'analytics', needs: 'read' },
  { to: '/integrations', title: 'Integrations', icon: 'integrations', needs: 'connection.read' },
  { to: '/policies', title: 'Policies', icon: 'policies', needs: 'read' },
  { to: '/routes', title: 'Routes', icon: 'routes', needs: 'read' },
  { to: '/settings', title: 'Settings', icon: 'settings', needs: 'read' },
]
