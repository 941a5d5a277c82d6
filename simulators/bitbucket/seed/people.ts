import type { WorkspaceRole } from '../model.ts'
import type { PersonKey } from './seed-repository.ts'

interface SeedPerson {
  key: PersonKey
  username: string
  displayName: string
  email: string
  password: string
  /** null: has an account, but no part in the workspace. */
  workspaceRole: WorkspaceRole | null
  permission: 'admin' | 'write' | 'read' | 'none'
  role: string
}

/** Invented people of an invented company. */
export const seedPeople: SeedPerson[] = [
  {
    key: 'mara',
    username: 'mara-lind',
    displayName: 'Mara Lind',
    email: 'mara@meadow-goods.example',
    password: 'mara',
    workspaceRole: 'owner',
    permission: 'admin',
    role: 'owner',
  },
  {
    key: 'tomas',
    username: 'tomas-okoye',
    displayName: 'Tomas Okoye',
    email: 'tomas@meadow-goods.example',
    password: 'tomas',
    workspaceRole: 'member',
    permission: 'write',
    role: 'developer',
  },
  {
    key: 'yuki',
    username: 'yuki-brandt',
    displayName: 'Yuki Brandt',
    email: 'yuki@meadow-goods.example',
    password: 'yuki',
    workspaceRole: 'member',
    permission: 'write',
    role: 'developer',
  },
  {
    key: 'ines',
    username: 'ines-calder',
    displayName: 'Ines Calder',
    email: 'ines@meadow-goods.example',
    password: 'ines',
    workspaceRole: 'create-project',
    permission: 'write',
    role: 'security',
  },
  {
    key: 'piet',
    username: 'piet-oosten',
    displayName: 'Piet Oosten',
    email: 'piet@elsewhere.example',
    password: 'piet',
    workspaceRole: null,
    permission: 'none',
    role: 'outsider',
  },
]

export const seedWorkspace = { slug: 'meadow-goods', name: 'Meadow Goods' }

export const seedProjects = [
  { key: 'SHOP', name: 'Shop', description: 'What customers see.' },
  { key: 'FIN', name: 'Finance', description: 'Invoices and the ledger.' },
  { key: 'PLAT', name: 'Platform', description: 'What everything runs on.' },
  { key: 'LABS', name: 'Labs', description: 'Small things and experiments.' },
]

/** They have no rights of their own until somebody gives them some. */
export const seedGroups = [
  { slug: 'administrators', name: 'Administrators', members: ['mara-lind'] },
  { slug: 'developers', name: 'Developers', members: ['tomas-okoye', 'yuki-brandt'] },
  { slug: 'security', name: 'Security', members: ['ines-calder'] },
]
