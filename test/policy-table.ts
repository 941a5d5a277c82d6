import type { Role, TokenScope } from '../src/domain/permissions.ts'

/**
 * Who may call which route, written by hand and on purpose not derived from `src/domain/permissions.ts`: the generated
 * test compares every route × role × credential with it, and fails for a route without a line.
 * `roles`: with a login. `scopes`: scopes of an API token that reach it, each only as far as the member's role goes.
 */
export type Policy = { roles: 'anybody' | readonly Role[]; scopes: readonly TokenScope[] }

const anybody: Policy = { roles: 'anybody', scopes: [] }
const everyRole = ['admin', 'champion', 'developer', 'viewer'] as const
const workers = ['admin', 'champion', 'developer'] as const
const deciders = ['admin', 'champion'] as const
const administrators = ['admin'] as const

const reading: Policy = { roles: everyRole, scopes: ['read', 'triage', 'admin'] }
const readingImports: Policy = { roles: everyRole, scopes: ['read', 'import', 'triage', 'admin'] }
const loginOnly: Policy = { roles: everyRole, scopes: [] }
const working: Policy = { roles: workers, scopes: ['triage', 'admin'] }
const deciding: Policy = { roles: deciders, scopes: ['triage', 'admin'] }
const importing: Policy = { roles: deciders, scopes: ['import', 'admin'] }
const readingConnections: Policy = { roles: deciders, scopes: ['read', 'admin'] }
const readingDeliveries: Policy = { roles: deciders, scopes: ['read', 'triage', 'admin'] }
const keepingViews: Policy = { roles: everyRole, scopes: ['triage', 'admin'] }
const administrating: Policy = { roles: administrators, scopes: ['admin'] }

export const policyTable: Readonly<Record<string, Policy>> = {
  getSetup: anybody,
  completeSetup: anybody,
  logIn: anybody,
  findInvitation: anybody,
  acceptInvitation: anybody,
  getSession: reading,
  logOut: loginOnly,
  changePassword: loginOnly,
  listMembers: reading,
  updateMember: administrating,
  listInvitations: administrating,
  createInvitation: administrating,
  revokeInvitation: administrating,
  listApiTokens: loginOnly,
  createApiToken: loginOnly,
  revokeApiToken: loginOnly,
  listAuditEvents: administrating,
  wipeDemo: administrating,

  listConnections: readingConnections,
  getConnection: readingConnections,
  getBitbucketRequirements: readingConnections,
  createConnection: administrating,
  startOAuth: administrating,
  finishOAuth: administrating,
  checkConnection: administrating,
  renewCredential: administrating,
  disconnect: administrating,
  listRemoteWorkspaces: administrating,
  chooseWorkspace: administrating,
  listRemoteRepositories: administrating,
  chooseRepositories: administrating,
  getConnectionProgress: readingConnections,
  listWebhooks: readingConnections,
  repairWebhook: administrating,
  rotateWebhookSecret: administrating,
  removeWebhook: administrating,

  listAssets: reading,
  getAsset: reading,
  createAsset: deciding,
  updateAsset: deciding,
  getGateSettings: reading,
  updateGateSettings: administrating,
  tryGateSettings: reading,
  getAssetGate: readingImports,
  updateAssetGate: deciding,
  getAssetRisk: reading,
  getRisk: reading,
  listImports: reading,
  getImport: readingImports,
  listImportItems: readingImports,
  createImport: importing,
  applyImport: deciding,
  discardImport: deciding,
  undoImport: deciding,
  previewUndo: readingImports,
  getImportProgress: readingImports,
  downloadImportFile: deciding,
  listVulnerabilities: reading,
  listVulnerabilityTags: reading,
  getVulnerability: reading,
  listVulnerabilityEvents: reading,
  moveVulnerability: working,
  updateVulnerability: deciding,
  listVulnerabilityMerges: reading,
  mergeVulnerabilities: deciding,
  unmergeVulnerability: deciding,
  splitVulnerability: deciding,
  unsplitVulnerability: deciding,
  createVulnerability: deciding,
  listEvidenceFiles: reading,
  addEvidenceFile: working,
  getEvidenceFile: reading,
  removeEvidenceFile: working,
  listVulnerabilityTemplates: reading,
  createVulnerabilityTemplate: deciding,
  addStarterTemplates: deciding,
  updateVulnerabilityTemplate: deciding,
  deleteVulnerabilityTemplate: deciding,
  previewBulkChange: working,
  createBulkChange: working,
  listBulkChanges: reading,
  getBulkChange: reading,
  listBulkChangeItems: reading,
  cancelBulkChange: working,
  undoBulkChange: working,
  exportCsv: reading,
  exportJson: reading,
  exportSarif: reading,
  exportVex: reading,
  getServiceLevels: reading,
  updateServiceLevels: administrating,
  tryServiceLevels: administrating,
  listSavedViews: reading,
  createSavedView: keepingViews,
  updateSavedView: keepingViews,
  deleteSavedView: keepingViews,
  listPolicies: reading,
  createPolicy: deciding,
  updatePolicy: deciding,
  deletePolicy: deciding,
  tryPolicy: deciding,
  getOverview: reading,
  listIntelligence: administrating,
  loadIntelligence: administrating,

  listDefects: reading,
  sendVulnerability: deciding,
  listMessages: reading,
  createMessage: working,
  updateMessage: working,
  deleteMessage: working,
  markThreadRead: loginOnly,
  listNotifications: loginOnly,
  readNotifications: loginOnly,
  listDeliveries: readingDeliveries,
  getDelivery: readingDeliveries,
  retryDelivery: deciding,
  streamEvents: reading,
}
