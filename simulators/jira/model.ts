import type { WebhookAction } from '../shared/fault-plan.ts'
import type { Json, JsonObject } from '../shared/json.ts'
import type { DeliveryState } from '../shared/outbox.ts'

/** What the simulated Jira remembers. Plain mutable records; times are milliseconds since 1970. */
export type StatusCategory = 'new' | 'indeterminate' | 'done'

export interface Person {
  accountId: string
  kind: 'atlassian' | 'app'
  displayName: string
  email: string
  /** Web login only; the API never accepts it. */
  password: string
  timeZone: string
  isActive: boolean
  isSiteAdmin: boolean
  /** false: has an Atlassian account, but no part in this site. */
  hasSiteAccess: boolean
  role: string
}

export interface Status {
  id: string
  name: string
  description: string
  category: StatusCategory
}

export interface Transition {
  id: string
  name: string
  /** Ids of the statuses it starts from; null: from every status. */
  from: string[] | null
  to: string
  /** Shows a screen that asks for a resolution. */
  needsResolution: boolean
}

export interface Workflow {
  name: string
  statuses: Status[]
  initial: string
  transitions: Transition[]
}

export interface IssueType {
  id: string
  name: string
  description: string
}

export interface Named {
  id: string
  name: string
  description: string
}

export interface Priority extends Named {
  statusColor: string
}

export interface CustomField {
  /** `customfield_10042`. */
  id: string
  name: string
  kind: 'select' | 'text' | 'labels' | 'long_text' | 'number' | 'date' | 'choices' | 'cascade' | 'person' | 'group'
  /** `children`: what is below it, of a cascading field. */
  options: { id: string; value: string; children?: { id: string; value: string }[] }[]
}

export type Role = 'view' | 'work' | 'admin'

export interface Project {
  id: string
  uuid: string
  key: string
  name: string
  description: string
  lead: Person
  /** false: people of the site without a role here do not see it. */
  isOpen: boolean
  roles: Map<string, Role>
  issueTypes: IssueType[]
  workflow: Workflow
  customFields: { field: CustomField; isRequired: boolean }[]
  /** Number of the newest issue. */
  counter: number
}

export interface Comment {
  id: string
  author: Person
  updateAuthor: Person
  body: JsonObject
  created: number
  updated: number
  properties: Map<string, Json>
}

export interface ChangeItem {
  field: string
  fieldId: string
  isCustom: boolean
  from: string | null
  fromText: string | null
  to: string | null
  toText: string | null
}

export interface History {
  id: string
  author: Person
  created: number
  items: ChangeItem[]
}

export interface Attachment {
  id: string
  filename: string
  author: Person
  created: number
  mimeType: string
  bytes: Buffer
}

export interface Issue {
  id: string
  key: string
  number: number
  /** Those it had in other projects. */
  formerKeys: string[]
  project: Project
  type: IssueType
  summary: string
  description: JsonObject | null
  status: Status
  priority: Priority
  resolution: Named | null
  labels: string[]
  reporter: Person
  creator: Person
  assignee: Person | null
  /** `YYYY-MM-DD`. */
  dueDate: string | null
  custom: Map<string, Json>
  properties: Map<string, Json>
  comments: Comment[]
  /** In the order of their upload. */
  attachments: Attachment[]
  histories: History[]
  created: number
  updated: number
  /** Every value `updated` had, oldest first: what a search index that lags behind still believes. */
  touches: number[]
  statusChanged: number
  resolved: number | null
}

export interface Hook {
  id: string
  name: string
  url: string
  secret: string | null
  /** The one before the last change of the secret, for deliveries signed with it on request. */
  previousSecret: string | null
  events: string[]
  /** null: every issue. */
  jql: string | null
  isEnabled: boolean
  excludeBody: boolean
  owner: Person
  updated: number
}

export interface Attempt {
  number: number
  status: number | null
  error: string | null
  headers: Record<string, string>
}

export interface Delivery {
  id: string
  hookId: string
  event: string
  url: string
  body: string
  flow: 'Primary' | 'Secondary'
  created: number
  state: DeliveryState
  /** The fault that was planned for it. */
  fault: WebhookAction['kind'] | null
  attempts: Attempt[]
}

export interface Credential {
  kind: 'api_token' | 'oauth'
  token: string
  person: Person
  /** null: an API token made without scopes, which may do all its owner may. */
  scopes: string[] | null
  expiresAt: number | null
  isRevoked: boolean
  /** OAuth: which app, and which consent it came from. */
  clientId: string | null
  grantId: string | null
}

export interface OAuthApp {
  clientId: string
  clientSecret: string
  name: string
  callbackUrls: string[]
  /** What the app was set up to ask for. */
  scopes: string[]
}

export interface RefreshToken {
  token: string
  clientId: string
  grantId: string
  person: Person
  scopes: string[]
  /** null: not used yet. */
  usedAt: number | null
  idleUntil: number
  isRevoked: boolean
}

export interface RequestRecord {
  method: string
  path: string
  /** 0: the connection was cut. */
  status: number
  credential: 'anonymous' | 'invalid' | Credential['kind']
  accountId: string | null
  at: string
  /** The fault that struck it. */
  fault: string | null
}

export interface Site {
  cloudId: string
  name: string
}
