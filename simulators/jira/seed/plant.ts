import { textToDocument } from '../adf/text-to-document.ts'
import { grantableScopes } from '../auth/scopes.ts'
import type { Issue, Project } from '../model.ts'
import { addComment } from '../operations/comments.ts'
import { createIssue } from '../operations/issues.ts'
import { getTransition, transitionIssue } from '../operations/transitions.ts'
import { type Sim, stableSecret } from '../state.ts'
import { getPerson, plantPeople } from './people.ts'
import { plantProjects } from './projects.ts'

/** The seed's today in milliseconds: 2026-11-20 12:00 UTC, so that dates are the same in every run. */
const seedToday = Date.UTC(2026, 10, 20, 12)
const dayMs = 86_400_000

interface SeedIssue {
  project: string
  type: string
  summary: string
  text: string
  priority: string
  labels: string[]
  reporter: string
  assignee: string | null
  dataClass?: string
  /** Ids of the transitions it went through. */
  way: string[]
  talk: { by: string; text: string }[]
}

const seedIssues: SeedIssue[] = [
  {
    project: 'SHOP',
    type: 'Bug',
    summary: 'The basket forgets its voucher after a reload',
    text: 'Put a voucher in, reload, and it is gone.\n\nSeen in two browsers.',
    priority: 'High',
    labels: ['basket'],
    reporter: 'yuki',
    assignee: 'tomas',
    way: ['21'],
    talk: [
      { by: 'tomas', text: 'I can see it too. It is the session cookie.' },
      { by: 'yuki', text: 'Thanks! Can it go out this week?' },
    ],
  },
  {
    project: 'SHOP',
    type: 'Task',
    summary: 'Write down how a release is rolled back',
    text: 'One page is enough.',
    priority: 'Low',
    labels: ['docs', 'release'],
    reporter: 'tomas',
    assignee: null,
    way: [],
    talk: [],
  },
  {
    project: 'SHOP',
    type: 'Bug',
    summary: 'Prices are rounded twice',
    text: 'A cent is lost on every third line.',
    priority: 'Medium',
    labels: [],
    reporter: 'mara',
    assignee: 'yuki',
    way: ['21', '31'],
    talk: [{ by: 'yuki', text: 'Repaired, and there is a test now.' }],
  },
  {
    project: 'LEDG',
    type: 'Security defect',
    summary: 'The export accepts a path from outside',
    text: 'A file name in the request reaches the file system unchecked.',
    priority: 'Highest',
    labels: ['security'],
    reporter: 'ines',
    assignee: 'tomas',
    dataClass: 'Confidential',
    way: ['201', '211'],
    talk: [{ by: 'ines', text: 'Please before the end of the month.' }],
  },
  {
    project: 'LEDG',
    type: 'Task',
    summary: 'Renew the certificate of the archive',
    text: 'It ends in January.',
    priority: 'Medium',
    labels: [],
    reporter: 'tomas',
    assignee: null,
    dataClass: 'Internal',
    way: [],
    talk: [],
  },
]

function makeIssue(sim: Sim, project: Project, seed: SeedIssue): Issue {
  const type = project.issueTypes.find((one) => one.name === seed.type)
  const priority = sim.priorities.find((one) => one.name === seed.priority)
  if (type === undefined || priority === undefined) throw new Error(`the seed of ${seed.summary} is broken`)
  const option = sim.customFields.flatMap((one) => one.options).find((one) => one.value === seed.dataClass)
  return createIssue(sim, getPerson(sim, seed.reporter), {
    project,
    type,
    edit: {
      summary: seed.summary,
      description: textToDocument(seed.text),
      priority,
      labels: seed.labels,
      assignee: seed.assignee === null ? null : getPerson(sim, seed.assignee),
      custom: new Map(option === undefined ? [] : [['customfield_10042', { id: option.id, value: option.value }]]),
    },
    properties: new Map(),
  })
}

function plantIssues(sim: Sim): void {
  for (const seed of seedIssues) {
    const project = sim.projects.find((one) => one.key === seed.project)
    if (project === undefined) throw new Error(`there is no project ${seed.project}`)
    const issue = makeIssue(sim, project, seed)
    for (const id of seed.way) {
      const actor = issue.assignee ?? issue.reporter
      const transition = getTransition(issue, actor, id)
      transitionIssue(sim, actor, { issue, transition, edit: { custom: new Map() }, comments: [] })
    }
    for (const { by, text } of seed.talk) {
      addComment(sim, getPerson(sim, by), { issue, body: textToDocument(text), properties: new Map() })
    }
  }
}

/** Everything a new simulator holds: people, an OAuth app, two projects and their issues. */
export function plant(sim: Sim, callbackUrls: string[]): void {
  plantPeople(sim)
  plantProjects(sim)
  sim.apps.push({
    clientId: stableSecret(sim.seed, 'client-id', 32),
    clientSecret: `ATOA${stableSecret(sim.seed, 'client-secret', 60)}`,
    name: 'Defect sync',
    callbackUrls,
    scopes: grantableScopes.filter((one) => one !== 'offline_access'),
  })
  // The seed is a story of the days before its today, an hour between any two things that happen.
  const { now } = sim
  let moment = seedToday - 5 * dayMs
  sim.now = () => (moment += 3_600_000)
  plantIssues(sim)
  sim.now = now
}
