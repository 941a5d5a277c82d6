export const roles = ['admin', 'champion', 'developer', 'viewer'] as const
export type Role = (typeof roles)[number]

export const permissions = [
  'read',
  'view.write',
  'message.write',
  'vulnerability.work',
  'vulnerability.decide',
  'defect.send',
  'gate.read',
  'import.read',
  'import.write',
  'import.decide',
  'asset.write',
  'policy.write',
  'team.write',
  'deployment.write',
  'deployment.decide',
  'delivery.read',
  'delivery.retry',
  'connection.read',
  'connection.write',
  'member.write',
  'token.own',
  'audit.read',
  'organization.write',
] as const
export type Permission = (typeof permissions)[number]

const viewer: readonly Permission[] = ['read', 'gate.read', 'import.read', 'view.write', 'token.own']
const developer: readonly Permission[] = [...viewer, 'message.write', 'vulnerability.work']
const champion: readonly Permission[] = [
  ...developer,
  'vulnerability.decide',
  'defect.send',
  'import.write',
  'import.decide',
  'asset.write',
  'policy.write',
  'team.write',
  'deployment.write',
  'deployment.decide',
  'delivery.read',
  'delivery.retry',
  'connection.read',
]
const admin: readonly Permission[] = [
  ...champion,
  'connection.write',
  'member.write',
  'audit.read',
  'organization.write',
]

const permissionsOfRole: Record<Role, readonly Permission[]> = { admin, champion, developer, viewer }

/** Scopes an API token can carry. A token never gets past the role of the member it belongs to. */
export const tokenScopes = ['read', 'import', 'triage', 'admin'] as const
export type TokenScope = (typeof tokenScopes)[number]

/** Whether a text names a scope; what the database holds may be older than this list. */
export function isTokenScope(text: string): text is TokenScope {
  return tokenScopes.some((scope) => scope === text)
}

const permissionsOfScope: Record<TokenScope, readonly Permission[]> = {
  read: ['read', 'gate.read', 'import.read', 'delivery.read', 'connection.read'],
  // What lies in a pipeline's variables brings reports in, sees what became of them and asks the security gate. What is
  // held waits for a person.
  import: ['gate.read', 'import.read', 'import.write', 'deployment.write'],
  triage: [
    'read',
    'view.write',
    'gate.read',
    'import.read',
    'message.write',
    'vulnerability.work',
    'vulnerability.decide',
    'defect.send',
    'import.decide',
    'asset.write',
    'policy.write',
    'team.write',
    'deployment.decide',
    'delivery.read',
    'delivery.retry',
  ],
  admin: permissions.filter((permission) => permission !== 'token.own'),
}

/** What a member may do: by role alone in a session, and within the scopes when an API token speaks for them. */
export function isPermitted(
  principal: { role: Role; scopes: readonly TokenScope[] | null },
  permission: Permission,
): boolean {
  if (!permissionsOfRole[principal.role].includes(permission)) return false
  if (principal.scopes === null) return true
  return principal.scopes.some((scope) => permissionsOfScope[scope].includes(permission))
}

/** Everything a principal may do, in the order of the list. */
export function listPermissions(principal: { role: Role; scopes: readonly TokenScope[] | null }): Permission[] {
  return permissions.filter((permission) => isPermitted(principal, permission))
}
