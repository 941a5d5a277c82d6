import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { app } from './app-route.tsx'

const frame = createRoute({
  getParentRoute: () => app,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/access/settings/settings-frame.tsx'), 'SettingsFrame'),
})

const members = createRoute({
  getParentRoute: () => frame,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/access/settings/members.tsx'), 'Members'),
})

const accounts = createRoute({
  getParentRoute: () => frame,
  path: '/accounts',
  component: lazyRouteComponent(() => import('./pages/access/settings/accounts.tsx'), 'Accounts'),
})

const teams = createRoute({
  getParentRoute: () => frame,
  path: '/teams',
  component: lazyRouteComponent(() => import('./pages/delivery/teams/teams-page.tsx'), 'TeamsPage'),
})

const team = createRoute({
  getParentRoute: () => frame,
  path: '/teams/$id',
  component: lazyRouteComponent(() => import('./pages/delivery/teams/team-page.tsx'), 'TeamPage'),
})

const people = createRoute({
  getParentRoute: () => frame,
  path: '/people',
  component: lazyRouteComponent(() => import('./pages/delivery/people/people-page.tsx'), 'PeoplePage'),
})

const goalSettings = createRoute({
  getParentRoute: () => frame,
  path: '/goals',
  component: lazyRouteComponent(
    () => import('./pages/delivery/goal-settings/goal-settings-page.tsx'),
    'GoalSettingsPage',
  ),
})

const agreementSettings = createRoute({
  getParentRoute: () => frame,
  path: '/agreements',
  component: lazyRouteComponent(
    () => import('./pages/delivery/agreement-settings/agreement-settings-page.tsx'),
    'AgreementSettingsPage',
  ),
})

const exclusionSettings = createRoute({
  getParentRoute: () => frame,
  path: '/left-out',
  component: lazyRouteComponent(
    () => import('./pages/delivery/exclusion-settings/exclusion-settings-page.tsx'),
    'ExclusionSettingsPage',
  ),
})

const deploymentSettings = createRoute({
  getParentRoute: () => frame,
  path: '/deployments',
  component: lazyRouteComponent(
    () => import('./pages/delivery/deployment-settings/deployment-settings-page.tsx'),
    'DeploymentSettingsPage',
  ),
})

const gateSettings = createRoute({
  getParentRoute: () => frame,
  path: '/gate',
  component: lazyRouteComponent(() => import('./pages/security/gate/gate-settings-page.tsx'), 'GateSettingsPage'),
})

const tokens = createRoute({
  getParentRoute: () => frame,
  path: '/tokens',
  component: lazyRouteComponent(() => import('./pages/access/settings/api-tokens.tsx'), 'ApiTokens'),
})

const notificationSettings = createRoute({
  getParentRoute: () => frame,
  path: '/notifications',
  component: lazyRouteComponent(
    () => import('./pages/sync/notification-settings/notification-settings.tsx'),
    'NotificationSettings',
  ),
})

const serviceLevels = createRoute({
  getParentRoute: () => frame,
  path: '/service-levels',
  component: lazyRouteComponent(() => import('./pages/security/service-levels/service-levels.tsx'), 'ServiceLevels'),
})

const password = createRoute({
  getParentRoute: () => frame,
  path: '/password',
  component: lazyRouteComponent(() => import('./pages/access/settings/password.tsx'), 'Password'),
})

const templates = createRoute({
  getParentRoute: () => frame,
  path: '/templates',
  component: lazyRouteComponent(() => import('./pages/security/templates/templates.tsx'), 'Templates'),
})

const sendingSettings = createRoute({
  getParentRoute: () => frame,
  path: '/sending',
  component: lazyRouteComponent(() => import('./pages/sync/sending/sending-settings.tsx'), 'SendingSettingsPage'),
})

const intelligence = createRoute({
  getParentRoute: () => frame,
  path: '/intelligence',
  component: lazyRouteComponent(() => import('./pages/access/settings/intelligence.tsx'), 'Intelligence'),
})

const publicLinks = createRoute({
  getParentRoute: () => frame,
  path: '/public-links',
  component: lazyRouteComponent(() => import('./pages/delivery/public-links/public-links-page.tsx'), 'PublicLinksPage'),
})

const storage = createRoute({
  getParentRoute: () => frame,
  path: '/storage',
  component: lazyRouteComponent(() => import('./pages/access/settings/storage.tsx'), 'Storage'),
})

const audit = createRoute({
  getParentRoute: () => frame,
  path: '/audit',
  component: lazyRouteComponent(() => import('./pages/access/settings/audit-log.tsx'), 'AuditLog'),
})

/** The pages of the settings, in their frame. */
export const settings = frame.addChildren([
  members,
  accounts,
  people,
  teams,
  team,
  deploymentSettings,
  goalSettings,
  exclusionSettings,
  agreementSettings,
  gateSettings,
  serviceLevels,
  templates,
  sendingSettings,
  notificationSettings,
  tokens,
  password,
  intelligence,
  publicLinks,
  storage,
  audit,
])
