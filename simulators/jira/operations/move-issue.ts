import { ImpossibleChangeError } from '../../shared/impossible-change.ts'
import type { ChangeItem, Issue, Person, Project } from '../model.ts'
import type { Sim } from '../state.ts'
import { raiseIssueEvent } from '../webhooks/raise-event.ts'
import { change, changeOfNamed } from './edit.ts'
import { recordChange } from './issues.ts'

/** What it was, where the other project has that too; else what new issues are there. */
function settle(issue: Issue, project: Project): ChangeItem[] {
  const { workflow, issueTypes } = project
  const type = issueTypes.find((one) => one.id === issue.type.id) ?? issueTypes[0]
  const same = workflow.statuses.find((one) => one.id === issue.status.id)
  const status = same ?? workflow.statuses.find((one) => one.id === workflow.initial)
  if (type === undefined || status === undefined) throw new Error(`the seed of ${project.key} is broken`)
  const items = [
    ...(type === issue.type ? [] : [changeOfNamed('issuetype', issue.type, type)]),
    ...(status === issue.status ? [] : [changeOfNamed('status', issue.status, status)]),
  ]
  issue.type = type
  issue.status = status
  return items
}

/** Takes an issue to another project, where it gets a key of its own; the old one still leads to it. */
export function moveIssue(sim: Sim, actor: Person, { issue, project }: { issue: Issue; project: Project }): void {
  const { project: from, key, status } = issue
  if (from === project) throw new ImpossibleChangeError(`${key} is in ${project.key} already`)
  issue.formerKeys.push(key)
  issue.project = project
  issue.number = project.counter += 1
  issue.key = `${project.key}-${issue.number}`
  const items = [
    changeOfNamed('project', from, project),
    { ...change('Key', { id: null, text: key }, { id: null, text: issue.key }), fieldId: '' },
    ...settle(issue, project),
  ]
  recordChange(sim, issue, { actor, items })
  if (issue.status !== status) issue.statusChanged = issue.updated
  if (issue.status.category !== 'done') Object.assign(issue, { resolution: null, resolved: null })
  raiseIssueEvent(sim, { event: 'jira:issue_updated', typeName: 'issue_moved', issue, actor, items })
}
