import type { CustomField, IssueType, Named, Priority, Project, Transition, Workflow } from '../model.ts'
import { type Sim, stableUuid } from '../state.ts'
import { getPerson } from './people.ts'

const priorities: Priority[] = [
  { id: '1', name: 'Highest', description: 'This problem will block progress.', statusColor: '#d04437' },
  { id: '2', name: 'High', description: 'Serious problem that could block progress.', statusColor: '#f15C75' },
  { id: '3', name: 'Medium', description: 'Has the potential to affect progress.', statusColor: '#f79232' },
  { id: '4', name: 'Low', description: 'Minor problem or easily worked around.', statusColor: '#707070' },
  { id: '5', name: 'Lowest', description: 'Trivial problem with little or no impact.', statusColor: '#999999' },
]

const resolutions: Named[] = [
  { id: '10000', name: 'Done', description: 'Work has been completed.' },
  { id: '10001', name: "Won't Do", description: 'This will not be acted on.' },
  { id: '10002', name: 'Duplicate', description: 'The problem is a duplicate of another.' },
  { id: '10003', name: 'Cannot Reproduce', description: 'The problem could not be seen again.' },
]

const task: IssueType = { id: '10002', name: 'Task', description: 'A small, distinct piece of work.' }
const bug: IssueType = { id: '10004', name: 'Bug', description: 'A problem or error.' }
const defect: IssueType = { id: '10010', name: 'Security defect', description: 'A weakness to be repaired.' }

const open = { from: null, needsResolution: false }

/** The usual one: every status can be reached from everywhere. */
const simple: Workflow = {
  name: 'Software workflow for SHOP',
  statuses: [
    { id: '10000', name: 'To Do', description: '', category: 'new' },
    { id: '10001', name: 'In Progress', description: '', category: 'indeterminate' },
    { id: '10002', name: 'Done', description: '', category: 'done' },
  ],
  initial: '10000',
  transitions: [
    { id: '11', name: 'To Do', to: '10000', ...open },
    { id: '21', name: 'In Progress', to: '10001', ...open },
    { id: '31', name: 'Done', to: '10002', ...open },
  ],
}

const [reported, assessed, repair, check, repaired, accepted] = [
  '10100',
  '10101',
  '10102',
  '10103',
  '10104',
  '10105',
] as const

function step(id: string, name: string, way: { from: string[]; to: string; asks?: boolean }): Transition {
  return { id, name, from: way.from, to: way.to, needsResolution: way.asks ?? false }
}

/** One with its own words, where done lies several steps away and one of them asks for a resolution. */
const strict: Workflow = {
  name: 'Ledger repair workflow',
  statuses: [
    { id: reported, name: 'Reported', description: 'Nobody looked at it yet.', category: 'new' },
    { id: assessed, name: 'Being assessed', description: '', category: 'indeterminate' },
    { id: repair, name: 'In repair', description: '', category: 'indeterminate' },
    { id: check, name: 'Awaiting check', description: '', category: 'indeterminate' },
    { id: repaired, name: 'Repaired', description: '', category: 'done' },
    { id: accepted, name: 'Risk accepted', description: '', category: 'done' },
  ],
  initial: reported,
  transitions: [
    step('201', 'Take up', { from: [reported], to: assessed }),
    step('211', 'Start repair', { from: [assessed], to: repair }),
    step('221', 'Hand to check', { from: [repair], to: check }),
    step('231', 'Send back', { from: [check], to: repair }),
    step('241', 'Confirm repaired', { from: [check], to: repaired }),
    step('251', 'Accept risk', { from: [assessed, repair], to: accepted, asks: true }),
    step('261', 'Open again', { from: [repaired, accepted], to: assessed }),
  ],
}

const dataClass: CustomField = {
  id: 'customfield_10042',
  name: 'Data class',
  kind: 'select',
  options: [
    { id: '10201', value: 'Public' },
    { id: '10202', value: 'Internal' },
    { id: '10203', value: 'Confidential' },
  ],
}

const scannerReference: CustomField = {
  id: 'customfield_10043',
  name: 'Scanner reference',
  kind: 'text',
  options: [],
}

/** One of every other kind, none of them required. */
const assorted: CustomField[] = [
  { id: 'customfield_10044', name: 'Impact', kind: 'long_text', options: [] },
  { id: 'customfield_10045', name: 'Effort in hours', kind: 'number', options: [] },
  { id: 'customfield_10046', name: 'Audit on', kind: 'date', options: [] },
  {
    id: 'customfield_10047',
    name: 'Regulations',
    kind: 'choices',
    options: [
      { id: '10211', value: 'GDPR' },
      { id: '10212', value: 'PCI DSS' },
    ],
  },
  {
    id: 'customfield_10048',
    name: 'Origin',
    kind: 'cascade',
    options: [
      {
        id: '10221',
        value: 'Own code',
        children: [
          { id: '10222', value: 'Front end' },
          { id: '10223', value: 'Back end' },
        ],
      },
      { id: '10224', value: 'Supplier', children: [{ id: '10225', value: 'Open source' }] },
    ],
  },
  { id: 'customfield_10049', name: 'Security contact', kind: 'person', options: [] },
  { id: 'customfield_10050', name: 'Watch words', kind: 'labels', options: [] },
]

/** SHOP is open to the site; LEDG has its own workflow, a required field, and people it is hidden from. */
export function plantProjects(sim: Sim): void {
  sim.priorities.push(...priorities)
  sim.resolutions.push(...resolutions)
  sim.customFields.push(dataClass, scannerReference, ...assorted)
  const ines = getPerson(sim, 'ines')
  const shop: Project = {
    id: '10000',
    uuid: stableUuid(sim.seed, 'project-SHOP'),
    key: 'SHOP',
    name: 'Storefront',
    description: 'What customers see.',
    lead: getPerson(sim, 'tomas'),
    isOpen: true,
    roles: new Map([[ines.accountId, 'admin']]),
    issueTypes: [bug, task],
    workflow: simple,
    customFields: [scannerReference, ...assorted].map((field) => ({ field, isRequired: false })),
    counter: 0,
  }
  const ledger: Project = {
    id: '10001',
    uuid: stableUuid(sim.seed, 'project-LEDG'),
    key: 'LEDG',
    name: 'Ledger',
    description: 'Invoices and the books.',
    lead: ines,
    isOpen: false,
    roles: new Map([
      [ines.accountId, 'admin'],
      [getPerson(sim, 'tomas').accountId, 'work'],
      [getPerson(sim, 'sync').accountId, 'work'],
    ]),
    issueTypes: [defect, task],
    workflow: strict,
    customFields: [
      { field: dataClass, isRequired: true },
      { field: scannerReference, isRequired: false },
    ],
    counter: 0,
  }
  sim.projects.push(shop, ledger)
}
