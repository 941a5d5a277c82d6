import type * as z from 'zod'
import type { BitbucketClient } from '../bitbucket/client.ts'
import type { FieldChange, ItemFields, RefusedFields } from '../domain/item-fields.ts'
import type { ItemContent } from '../domain/item-text.ts'
import type { Marker } from '../domain/message-text.ts'
import type { RequestLane } from '../domain/request-budget.ts'
import type { RemoteWish, SeenState } from '../domain/sending/state-maps.ts'
import type { Status } from '../domain/status.ts'
import type { JiraClient } from '../jira/client.ts'
import type { CreateField } from '../jira/create-field.ts'
import type { Clock } from '../lib/clock.ts'
import type { FileContent } from '../lib/multipart.ts'
import type { TakeBytes } from '../lib/rest-client.ts'
import type { CheckedSettings } from './checked-settings.ts'

/** What both sides agree on about an item: whether it still asks for work. */
export type ItemState = 'open' | 'closed'

/** The container an item lives in: a repository, by the UUIDs of the remote (with braces). */
type TrackerRepository = {
  remoteUuid: string
  workspaceUuid: string
  mainBranch: string | null
  hasIssues: boolean
}

/** Where an item is: `remoteId` is unique in its container, `remote` holds what its tracker needs to address it. */
export type ItemRef = { remoteId: string; remote: unknown }

/**
 * An item as the remote shows it now. `state` null: this kind of item has none the remote keeps; `mixed`: it shows two
 * signs that disagree, so which one is new decides. `remoteState` says it in the remote's words, the same for the same
 * signs; `version` changes with each change.
 */
export type TrackerItem = ItemRef & {
  url: string
  version: string
  state: ItemState | 'mixed' | null
  remoteState: string
  /** All of its files; left out where they were not asked for. */
  files?: readonly TrackerFile[]
  /** What it shows of what Weir keeps in step; left out where nothing is, or it was not asked for. */
  shown?: ItemFields
}

/** What stands for the name of an account that is no more. */
export const formerUser = 'Former user'

/** Who wrote or is meant, as far as the remote tells. `uuid` is what it knows an account by for good; null: nobody any more. */
export type RemoteAccount = {
  uuid: string | null
  name: string
  /** Atlassian's account id, the same at Bitbucket and Jira. */
  accountId?: string | undefined
  nickname?: string | undefined
  email?: string | undefined
  /** No person: an app, or a token of a repository or workspace. */
  isBot?: boolean
  /** Nobody can log in with it any more. */
  isClosed?: boolean
}

/**
 * A comment as the remote shows it now; `body` is raw Markdown with whatever marker it carries. Whom it mentions stands in
 * it as `@{account}`; `named` says how the remote calls these accounts, where it does.
 */
export type TrackerComment = {
  id: string
  parentId: string | null
  author: RemoteAccount
  body: string
  named?: ReadonlyMap<string, string>
  createdAt: Date
  updatedAt: Date
}

/** A file of an item as the remote shows it now; what the remote does not say is null. */
export type TrackerFile = {
  id: string
  name: string
  mediaType: string | null
  bytes: number | null
  author: { uuid: string | null; name: string } | null
  createdAt: Date | null
  /** Where people see it there. */
  url: string | null
}

type Written = Pick<TrackerComment, 'body' | 'named'>

/** Who brought an item to a state, in the remote's words. */
export type StateAuthor = { account: RemoteAccount; state: string }

/** `deleted`: it was there and somebody removed it, or nothing answers to its id. Failures are thrown, never this. */
export type Fetched<Value> = { kind: 'found'; value: Value } | { kind: 'deleted' }

/** `item_deleted`: nothing answers to its id, and the item it was said in is gone as well. Nobody deleted the comment. */
export type FetchedComment = Fetched<TrackerComment> | { kind: 'item_deleted' }

/** Where a new item can be put. `key` is the same for the same place; `remote` is the tracker's own. */
export type ItemTarget = { key: string; remote: unknown }

type Availability = { available: true } | { available: false; reason: string }

/**
 * A change found by listing. `item`: its state now; `comment`: as it is now, `deleted` when a tombstone is listed;
 * `comments`: the ids of all comments an item has, told by a full pass, and where they had to be read in any case.
 */
export type TrackerChange =
  | { kind: 'item'; remoteId: string; item: Fetched<TrackerItem> }
  | { kind: 'comment'; remoteId: string; commentId: string; comment: Fetched<TrackerComment> }
  | { kind: 'comments'; remoteId: string; commentIds: readonly string[] }

/** What stands behind an item: the vulnerability's place in the code, as far as it is known. */
export type ItemPlace = {
  path: string | null
  line: number | null
  /** What the scan read on that line, with secrets masked. */
  lineText: string | null
  branch: string
  commitHash: string | null
}

/** The files of items. Each throws as the functions of OpenTracker do; `deleted`: the item, or the file, is gone. */
export type ItemFiles = {
  list: (item: ItemRef) => Promise<Fetched<TrackerFile[]>>
  /** Under its name, which no other file of the item has; where one has it nevertheless, Bitbucket puts this in its place. */
  upload: (input: { item: ItemRef; file: FileContent }) => Promise<Fetched<TrackerFile>>
  /** Hands on the bytes; what `take` throws ends it. */
  download: (input: { item: ItemRef; fileId: string; take: TakeBytes }) => Promise<Fetched<null>>
  /** Removing what is gone already is a success. */
  remove: (input: { item: ItemRef; fileId: string }) => Promise<void>
}

/** What is kept in step of an item besides its state. */
export type FieldKeeper = {
  /** What the item should show, by the settings the tracker was opened with; undefined where they lead nowhere any more. Asks nobody. */
  wish: (content: ItemContent) => ItemFields | undefined
  /** What the remote does not take is left as it is there, and answered. */
  push: (input: { item: ItemRef; change: FieldChange }) => Promise<Fetched<RefusedFields>>
}

/** An item at a remote that a vulnerability may be linked to; `marker`: whose it says it is. */
export type LinkableItem = { item: TrackerItem; marker: Marker | undefined }

/** Items that people made. Each throws as the functions of OpenTracker do; `deleted`: the item is gone. */
export type ItemLinks = {
  /** By what people call it: key or address. Throws `validation_failed` for what names nothing, `remote_forbidden` with what the account may not do. */
  find: (named: string) => Promise<Fetched<LinkableItem>>
  /** Writes the marker on it, in the place of any other. Doing it again does nothing. */
  mark: (input: { item: ItemRef; marker: Marker }) => Promise<Fetched<TrackerItem>>
  /** Takes the marker away where it is still this one; nothing else is changed. */
  unmark: (input: { item: ItemRef; marker: Marker }) => Promise<void>
}

/**
 * A tracker on one repository with one credential. Every function throws AppError (remote_*, scope_missing,
 * tracker_gone); none logs and goes on, and an empty answer never stands for a failure.
 */
export type OpenTracker = {
  /** Where a new item would go now. Asks the remote; the answer is written down before anything is created. */
  chooseTarget: (place: ItemPlace) => Promise<ItemTarget>
  /**
   * The item that carries the marker at one of the targets, if there is one. `again`: an attempt a moment ago may have
   * made it, so that what a search does not know yet has to be found too.
   */
  findItem: (input: {
    marker: Marker
    targets: readonly ItemTarget[]
    again?: boolean
  }) => Promise<TrackerItem | undefined>
  /** `begun`: what an earlier attempt left at the remote, completed instead of made again. */
  createItem: (input: {
    target: ItemTarget
    content: ItemContent
    marker: Marker
    begun: TrackerItem | undefined
  }) => Promise<TrackerItem>
  fetchItem: (item: ItemRef) => Promise<Fetched<TrackerItem>>
  /** Brings the item to what is wished for, left out: to what the status asks for by itself. Doing it again does nothing. */
  pushState: (input: { item: ItemRef; status: Status; wish?: RemoteWish }) => Promise<Fetched<TrackerItem>>
  /** Who brought the item to the state it is in now, by the remote's own history; null where that cannot be told. */
  whoSetState: (item: ItemRef) => Promise<StateAuthor | null>
  findComment: (input: { item: ItemRef; marker: Marker }) => Promise<TrackerComment | undefined>
  /**
   * `parentId` null: at the top of the item's conversation. `deleted`: the item is gone. `@{account}` in the body calls
   * that account, whose name `named` says; nothing else in it calls anybody or links by itself.
   */
  createComment: (input: Written & { item: ItemRef; parentId: string | null }) => Promise<Fetched<TrackerComment>>
  updateComment: (input: Written & { item: ItemRef; commentId: string }) => Promise<Fetched<TrackerComment>>
  /** Deleting what is gone already is a success. */
  deleteComment: (input: { item: ItemRef; commentId: string }) => Promise<void>
  fetchComment: (input: { item: ItemRef; commentId: string }) => Promise<FetchedComment>
  /** Null where items have no files of their own. */
  files: ItemFiles | null
  /** Null where an item is left as it was made, but for its state. */
  fields: FieldKeeper | null
  /** Null where an item cannot be one that people made. */
  links: ItemLinks | null
  /** What changed on these items since then by the remote's clock; `full` also finds what was deleted without a trace. */
  listChanges: (input: { items: readonly ItemRef[]; since: Date; full: boolean }) => Promise<TrackerChange[]>
}

type Opening = {
  /** As the route has them, parsed by the tracker's own schema. */
  settings: unknown
  lane: RequestLane
  /** Answers of the last minute, shared by the jobs of one process for the same connection. */
  remember: Remember
}

/** How a tracker is reached: with which client, and where its items live. */
export type BitbucketOpening = Opening & { client: BitbucketClient; repository: TrackerRepository }
export type JiraOpening = Opening & {
  client: JiraClient
  /** Address of the site as people see it, without a trailing slash: `https://meadow.atlassian.net`. */
  siteUrl: string
  clock: Clock
}

/** Runs `ask` unless its answer of less than a minute ago is still known under `key`. */
export type Remember = <Value>(key: string, ask: () => Promise<Value>) => Promise<Value>

/** What is done to an item at its tracker. */
export type TrackerAction =
  | 'create_defect'
  | 'push_state'
  | 'push_fields'
  | 'create_comment'
  | 'update_comment'
  | 'delete_comment'
  | 'release_item'

type TrackerKind = {
  /** Stored in defects; never changes. */
  readonly name: string
  readonly title: string
  /** Drawn as a form by the page. Parses `route.settings`. */
  readonly settings: z.ZodType
  readonly capabilities: {
    readonly comments: boolean
    readonly replies: boolean
    readonly states: boolean
    /** Whether items have files of their own. */
    readonly files: boolean
    /** Whether an item may be one that people made, and be parted from its vulnerability. */
    readonly links: boolean
    /** Webhook events the tracker lives on. */
    readonly webhookEvents: readonly string[]
  }
  /** Requests each takes on its plain way, without what is remembered for a minute: what an hour of them has room for. */
  readonly requests: Readonly<Record<TrackerAction, number>>
  /** Whether an item has a state the remote keeps; pushing one to what has none would ask for nothing. */
  readonly hasState: (remote: unknown) => boolean
  /** State the item should have for a status; null: leave it as it is. */
  readonly wantedState: (status: Status) => ItemState | null
  /** Every state an item can have there; null where each container has its own, and the remote has to be asked. */
  readonly states: readonly SeenState[] | null
  /** Name of the state an item is brought to for a status, where no route names one; null: the first of its side that can be reached. */
  readonly nameState: (status: Status) => string | null
}

/** What imports tell the repository besides the items, where a route leads to a tracker. */
export type Telling = {
  /** A Code Insights report with annotations on the scanned commit. */
  report: boolean
  /** A build status there; `follows_gate`: it fails when the security gate does. */
  status: 'off' | 'informs' | 'follows_gate'
  /** One comment a pull request with what is new in it. */
  summary: boolean
  /** Threads that policies begin for one pull request. */
  threadsAtMost: number
  /** Whether what is told may hold lines of code; null where the route leaves it to the organization. */
  sendsCode: boolean | null
}

/** A tracker whose items live in the asset's own repository. */
export type BitbucketTracker = TrackerKind & {
  readonly connectionKind: 'bitbucket'
  /** By the settings of the route, `{}` without one; null: nothing besides the items. */
  readonly readTelling: (settings: unknown) => Telling | null
  /** Without asking the remote. */
  readonly describeAvailability: (repository: TrackerRepository) => Availability
  readonly open: (input: BitbucketOpening) => OpenTracker
}

/** A tracker whose items live where the route says, on the site of its connection. */
export type JiraTracker = TrackerKind & {
  readonly connectionKind: 'jira'
  /** Where new items go, by settings this tracker has parsed. */
  readonly placeOf: (settings: unknown) => { project: string; issueType: string }
  /** Of all fields of an issue type, those a person fills in for a route, required ones first. */
  readonly listFormFields: (fields: readonly CreateField[]) => CreateField[]
  /** Settings this tracker has parsed, judged by the fields of their issue type. */
  readonly checkSettings: (settings: unknown, fields: readonly CreateField[]) => CheckedSettings
  readonly open: (input: JiraOpening) => OpenTracker
}

/** One kind of defect tracker. Adding one is a folder and a line in registry.ts. */
export type Tracker = BitbucketTracker | JiraTracker
