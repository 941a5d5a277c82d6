import { startSimulator as startBitbucket } from '../simulators/bitbucket/simulator.ts'
import { documentToText } from '../simulators/jira/adf/document-to-text.ts'
import { startSimulator as startJira } from '../simulators/jira/simulator.ts'
import { nextRequestFault } from '../simulators/shared/fault-plan.ts'
import { createBitbucketClient } from '../src/bitbucket/client.ts'
import { uncountedBudget } from '../src/domain/request-budget.ts'
import { createJiraClient } from '../src/jira/client.ts'
import { createHttpClient } from '../src/lib/http-client.ts'
import { createLog } from '../src/lib/log.ts'
import { createRemember } from '../src/lib/remember.ts'
import type { ItemPlace, OpenTracker, Tracker } from '../src/trackers/tracker.ts'
import { removeItem } from './remove-item.ts'

/** A remote with a tracker opened on it, and what a test does to it or sees of it. */
export type TrackerWorld = {
  open: OpenTracker
  /** The same, remembering nothing. */
  openAgain: () => OpenTracker
  /** Every request is answered so, or the next `times`, until `clearFaults`. */
  answerAll: (answer: { status: number; body: string; times?: number }) => void
  clearFaults: () => void
  /** Paths without their queries, since the start or since it was emptied. */
  requests: { path: string }[]
  /** The account id of somebody there, as a mention would name them. */
  accountId: string
  /** Everything that is written there, as people read it (Markdown where the remote keeps that). */
  texts: () => string[]
  /** Bodies of the items that carry the marker with this id, with whatever of it people could see. */
  bodiesOf: (markerId: string) => string[]
  /** An item with all that was said in it is gone; nobody is told. */
  removeItem: (remoteId: string) => void
  close: () => Promise<void>
}

export type TrackerEnvironment = {
  tracker: string
  /** Where the tracker is tried: a mode of its simulator, a project. */
  where: string
  place: ItemPlace
  /** Whether items there keep a state. */
  states: boolean
  /** Whether choosing a target asks the remote. */
  asksForTarget: boolean
  /** What is said when the surroundings of an item are not shown to us. */
  hidden: string
  /** Matches a look at those surroundings. */
  lookPath: RegExp
  start: (tracker: Tracker) => Promise<TrackerWorld>
}

const line15: ItemPlace = { path: 'src/routes/orders.js', line: 15, branch: 'main', lineText: null, commitHash: null }

/** Every place a tracker is tried at. */
export const trackerEnvironments: readonly TrackerEnvironment[] = [
  onBitbucket({ tracker: 'bitbucket-issues', mode: 'legacy', place: line15, states: true }),
  onBitbucket({ tracker: 'bitbucket-discussions', mode: '2026', place: line15, states: true }),
  // An open pull request touches the file, but not this line: a comment on the head of the branch.
  onBitbucket({
    tracker: 'bitbucket-discussions',
    mode: '2026',
    place: { ...line15, path: 'package.json', line: 1 },
    states: false,
  }),
  onBitbucket({
    tracker: 'bitbucket-discussions',
    mode: '2026',
    place: { ...line15, path: null, line: null, commitHash: 'f'.repeat(40) },
    states: false,
  }),
  inJira('SHOP', { project: '10000', issueType: '10004' }),
  // Its own words, one step at a time, a required field, and a screen on the way.
  inJira('LEDG', {
    project: '10001',
    issueType: '10010',
    fields: { customfield_10042: { id: '10202' } },
    statuses: { fixed: 'Repaired', false_positive: 'Risk accepted' },
    resolutions: { false_positive: "Won't Do" },
  }),
]

type OnBitbucket = { tracker: string; mode: '2026' | 'legacy'; place: ItemPlace; states: boolean }

function onBitbucket({ tracker: name, mode, place, states }: OnBitbucket): TrackerEnvironment {
  return {
    tracker: name,
    where: `${place.path} in ${mode} mode`,
    place,
    states,
    asksForTarget: name !== 'bitbucket-issues',
    hidden: 'no longer shows this repository',
    lookPath: /\/repositories\/[^/]+\/[^/]+$/,
    start: (tracker) => startOnBitbucket(tracker, mode),
  }
}

async function startOnBitbucket(tracker: Tracker, mode: '2026' | 'legacy'): Promise<TrackerWorld> {
  if (tracker.connectionKind !== 'bitbucket') throw new Error(`${tracker.name} is not on Bitbucket.`)
  const simulator = await startBitbucket({ mode })
  const http = createHttpClient({ allowedPrivateAddresses: [new URL(simulator.web).host], timeoutMs: 3000 })
  const owner = simulator.users.find((user) => user.role === 'owner')
  const repository = simulator.repositories.find((known) => known.slug === 'storefront-api')
  if (owner === undefined || repository === undefined) throw new Error('The simulator has other seeds than this test.')
  const clock = () => new Date()
  const open = () =>
    tracker.open({
      client: createBitbucketClient({
        http,
        apiUrl: simulator.api,
        credential: { kind: 'api_token', email: owner.email, token: owner.api_token },
        budget: uncountedBudget,
        clock,
        log: createLog({ level: 'silent' }),
      }),
      repository: {
        remoteUuid: repository.uuid,
        workspaceUuid: simulator.workspace.uuid,
        mainBranch: 'main',
        hasIssues: simulator.mode === 'legacy',
      },
      settings: {},
      lane: 'person',
      remember: createRemember({ clock, ttlMs: 60_000, limit: 100 }),
    })
  const known = () => simulator.sim.repositories.find(({ slug }) => slug === 'storefront-api')
  return {
    open: open(),
    openAgain: open,
    answerAll: ({ times = 100, ...answer }) =>
      simulator.planFault({ path: '*/repositories/*', times, action: { kind: 'answer', ...answer } }),
    clearFaults: () => simulator.clearFaults(),
    requests: simulator.requests,
    accountId: simulator.users[0]?.uuid ?? '',
    texts: () => [
      ...(known()?.issues ?? []).flatMap((issue) => [issue.title, issue.raw]),
      ...(known()?.pullRequests ?? []).flatMap((pull) => [
        ...pull.tasks.map((task) => task.raw),
        ...pull.comments.map((comment) => comment.raw ?? ''),
      ]),
      ...(known()?.commitComments ?? []).map((comment) => comment.raw ?? ''),
    ],
    bodiesOf: (markerId) =>
      [
        ...(known()?.issues ?? []).map((issue) => issue.raw),
        ...(known()?.pullRequests ?? []).flatMap((pull) => pull.comments.map((comment) => comment.raw ?? '')),
        ...(known()?.commitComments ?? []).map((comment) => comment.raw ?? ''),
      ].filter((body) => body.includes(markerId)),
    removeItem: (remoteId) => removeItem(simulator, remoteId),
    close: async () => {
      await simulator.close()
      await http.close()
    },
  }
}

function inJira(project: string, settings: object): TrackerEnvironment {
  return {
    tracker: 'jira',
    where: `project ${project}`,
    place: line15,
    states: true,
    asksForTarget: false,
    hidden: 'no longer shows this project',
    lookPath: /\/project\/[^/]+$/,
    start: (tracker) => startInJira(tracker, settings),
  }
}

async function startInJira(tracker: Tracker, settings: object): Promise<TrackerWorld> {
  if (tracker.connectionKind !== 'jira') throw new Error(`${tracker.name} is not in Jira.`)
  const simulator = await startJira()
  const { sim } = simulator
  const http = createHttpClient({ allowedPrivateAddresses: [new URL(simulator.site).host], timeoutMs: 3000 })
  const user = simulator.users.find(({ email }) => email.startsWith('sync@'))
  if (user === undefined) throw new Error('The simulator has other seeds than this test.')
  const clock = () => new Date()
  const open = () =>
    tracker.open({
      client: createJiraClient({
        http,
        apiUrl: simulator.site,
        credential: { kind: 'api_token', email: user.email, token: user.api_token },
        budget: uncountedBudget,
        clock,
      }),
      siteUrl: simulator.site,
      clock,
      settings,
      lane: 'person',
      remember: createRemember({ clock, ttlMs: 60_000, limit: 100 }),
    })
  const marked = (id: string) =>
    sim.issues.filter((issue) => [...issue.properties.values()].some((value) => JSON.stringify(value).includes(id)))
  return {
    open: open(),
    openAgain: open,
    answerAll: ({ times = 100, ...answer }) => {
      sim.switches.requestFaults.push(
        nextRequestFault({ path: '/rest/*', times, action: { kind: 'answer', ...answer } }),
      )
    },
    clearFaults: () => {
      sim.switches.requestFaults = []
    },
    requests: simulator.requests,
    accountId: user.account_id,
    texts: () =>
      sim.issues.flatMap((issue) => [
        issue.summary,
        readDocument(issue.description),
        ...issue.comments.map(({ body }) => readDocument(body)),
      ]),
    bodiesOf: (markerId) => marked(markerId).map(({ description }) => readDocument(description)),
    removeItem: (remoteId) => {
      sim.issues = sim.issues.filter(({ id }) => id !== remoteId)
    },
    close: async () => {
      await simulator.close()
      await http.close()
    },
  }
}

/** What a document says, and where its links lead. */
function readDocument(document: unknown): string {
  const links = [...JSON.stringify(document).matchAll(/"href":"([^"]*)"/g)].map(([, address]) => address)
  return [documentToText(document), links.join(' ')].join('\n')
}
