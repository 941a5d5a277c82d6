import { booleanAt, stringAt } from '../../shared/json.ts'
import type { Call } from '../call.ts'
import { forkPolicies } from '../model/administration.ts'
import { badRequest } from '../simulator-error.ts'

/** The fields of a repository that a caller may set; undefined where the body says nothing. */
export function readRepositoryFields(call: Call) {
  const { body, sim } = call
  const hasIssues = booleanAt(body, 'has_issues')
  if (hasIssues === true && sim.mode === '2026') throw badRequest('Issue trackers can no longer be enabled.')
  const policy = stringAt(body, 'fork_policy')
  const forkPolicy = forkPolicies.find((one) => one === policy)
  if (policy !== undefined && forkPolicy === undefined)
    throw badRequest('Bad request', { fork_policy: [`"${policy}" is not a valid choice.`] })
  return {
    name: stringAt(body, 'name'),
    description: stringAt(body, 'description'),
    isPrivate: booleanAt(body, 'is_private'),
    hasIssues,
    language: stringAt(body, 'language'),
    website: stringAt(body, 'website'),
    forkPolicy,
    mainBranch: stringAt(body, 'mainbranch', 'name'),
  }
}

/** Key or UUID of the project that the body names. */
export function readProjectName(body: unknown): string | undefined {
  return stringAt(body, 'project', 'key') ?? stringAt(body, 'project', 'uuid')
}
