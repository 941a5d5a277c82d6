import { issueNotFound, refusal } from '../jira-error.ts'
import type { Issue, Person, Project, Role } from '../model.ts'
import type { Sim } from '../state.ts'

const ranks: Record<Role, number> = { view: 1, work: 2, admin: 3 }

/** What somebody may do in a project; undefined: not even see it. Nobody (null) sees nothing. */
export function roleIn(project: Project, person: Person | null): Role | undefined {
  if (person === null || !person.hasSiteAccess || !person.isActive) return undefined
  if (person.isSiteAdmin) return 'admin'
  return project.roles.get(person.accountId) ?? (project.isOpen ? 'work' : undefined)
}

export function mayIn(project: Project, person: Person | null, wanted: Role): boolean {
  const role = roleIn(project, person)
  return role !== undefined && ranks[role] >= ranks[wanted]
}

export function findProject(sim: Sim, person: Person | null, idOrKey: string): Project | undefined {
  return sim.projects.find(
    (one) => (one.id === idOrKey || one.key === idOrKey.toUpperCase()) && mayIn(one, person, 'view'),
  )
}

export function getProject(sim: Sim, person: Person | null, idOrKey: string): Project {
  const project = findProject(sim, person, idOrKey)
  if (project === undefined) throw refusal(404, `No project could be found with key '${idOrKey}'.`)
  return project
}

/** By id, key or a key it had in another project. */
export function findIssue(sim: Sim, idOrKey: string): Issue | undefined {
  const key = idOrKey.toUpperCase()
  return sim.issues.find((one) => one.id === idOrKey || one.key === key || one.formerKeys.includes(key))
}

/** The issue, when the person may see it; an unseen one and one that never was answer alike. */
export function getIssue(sim: Sim, person: Person | null, idOrKey: string): Issue {
  const issue = findIssue(sim, idOrKey)
  if (issue === undefined || !mayIn(issue.project, person, 'view')) throw issueNotFound()
  return issue
}

export function assertMay(project: Project, person: Person, asked: { wanted: Role; message: string }): void {
  if (!mayIn(project, person, asked.wanted)) throw refusal(403, asked.message)
}
