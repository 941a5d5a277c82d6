import type * as z from 'zod'
import type { RequestLane } from '../bitbucket/budget.ts'
import type { BitbucketClient } from '../bitbucket/client.ts'
import type { ItemContent } from '../domain/item-text.ts'
import type { Marker } from '../domain/message-text.ts'
import type { Status } from '../domain/status.ts'

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
}

/** A comment as the remote shows it now; `body` is raw Markdown with whatever marker it carries. */
export type TrackerComment = {
  id: string
  parentId: string | null
  author: { uuid: string | null; name: string }
  body: string
  createdAt: Date
  updatedAt: Date
}

/** `deleted`: it was there and somebody removed it, or nothing answers to its id. Failures are thrown, never this. */
export type Fetched<Value> = { kind: 'found'; value: Value } | { kind: 'deleted' }

/** Where a new item can be put. `key` is the same for the same place; `remote` is the tracker's own. */
export type ItemTarget = { key: string; remote: unknown }

type Availability = { available: true } | { available: false; reason: string }

/**
 * A change found by listing. `item`: its state now; `comment`: as it is now, `deleted` when a tombstone is listed;
 * `comments`: the ids of all comments an item has, told by a full pass alone.
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

/**
 * A tracker on one repository with one credential. Every function throws AppError (remote_*, scope_missing,
 * tracker_gone); none logs and goes on, and an empty answer never stands for a failure.
 */
export type OpenTracker = {
  /** Where a new item would go now. Asks the remote; the answer is written down before anything is created. */
  chooseTarget: (place: ItemPlace) => Promise<ItemTarget>
  /** The item that carries the marker at one of the targets, if there is one. */
  findItem: (input: { marker: Marker; targets: readonly ItemTarget[] }) => Promise<TrackerItem | undefined>
  /** `begun`: what an earlier attempt left at the remote, completed instead of made again. */
  createItem: (input: {
    target: ItemTarget
    content: ItemContent
    marker: Marker
    begun: TrackerItem | undefined
  }) => Promise<TrackerItem>
  fetchItem: (item: ItemRef) => Promise<Fetched<TrackerItem>>
  /** Brings the item to what the status asks for. Doing it again does nothing. */
  pushState: (input: { item: ItemRef; status: Status }) => Promise<Fetched<TrackerItem>>
  findComment: (input: { item: ItemRef; marker: Marker }) => Promise<TrackerComment | undefined>
  /** `parentId` null: at the top of the item's conversation. `deleted`: the item is gone. */
  createComment: (input: { item: ItemRef; parentId: string | null; body: string }) => Promise<Fetched<TrackerComment>>
  updateComment: (input: { item: ItemRef; commentId: string; body: string }) => Promise<Fetched<TrackerComment>>
  /** Deleting what is gone already is a success. */
  deleteComment: (input: { item: ItemRef; commentId: string }) => Promise<void>
  fetchComment: (input: { item: ItemRef; commentId: string }) => Promise<Fetched<TrackerComment>>
  /** What changed on these items since then by the remote's clock; `full` also finds what was deleted without a trace. */
  listChanges: (input: { items: readonly ItemRef[]; since: Date; full: boolean }) => Promise<TrackerChange[]>
}

export type OpenTrackerInput = {
  client: BitbucketClient
  repository: TrackerRepository
  settings: unknown
  lane: RequestLane
  /** Answers of the last minute, shared by the jobs of one process for the same connection. */
  remember: Remember
}

/** Runs `ask` unless its answer of less than a minute ago is still known under `key`. */
export type Remember = <Value>(key: string, ask: () => Promise<Value>) => Promise<Value>

/** One kind of defect tracker. Adding one is a folder and a line in registry.ts. */
export type Tracker = {
  /** Stored in defects; never changes. */
  readonly name: string
  readonly title: string
  readonly connectionKind: 'bitbucket'
  /** Drawn as a form by the page. Parses `route.settings`. */
  readonly settings: z.ZodType
  readonly capabilities: {
    readonly comments: boolean
    readonly replies: boolean
    readonly states: boolean
    /** Webhook events the tracker lives on. */
    readonly webhookEvents: readonly string[]
  }
  /** State the item should have for a status; null: leave it as it is. */
  readonly wantedState: (status: Status) => ItemState | null
  /** Without asking the remote. */
  readonly describeAvailability: (repository: TrackerRepository) => Availability
  readonly open: (input: OpenTrackerInput) => OpenTracker
}
