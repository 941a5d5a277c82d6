import { stringAt } from '../../shared/json.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, type Call, type Endpoint, listItems } from '../call.ts'
import { changeIssue, createIssue, deleteIssue, type OnIssue, updateIssue } from '../operations/issues.ts'
import { issueChangeFields, issueFields, quickIssue, quickIssueChange } from '../query/issue-fields.ts'
import { apiIssueUrl, renderIssue, renderIssueChange } from '../render/issue.ts'
import { notFound } from '../simulator-error.ts'
import {
  actInTracker,
  actOnIssue,
  issueBase,
  readIssue,
  readIssueChanges,
  readIssueEdit,
  readTracker,
  trackerBase,
  trackerEndpoint,
} from './issue-call.ts'

/** Newest first unless `sort` says otherwise. */
function list(call: Call): Answer {
  const place = readTracker(call)
  return listItems(call, place.repository.issues.toReversed(), {
    render: (issue) => renderIssue(place, issue),
    queryable: issueFields,
    quick: quickIssue,
  })
}

function answer(call: Call, { repository, issue }: OnIssue, status = 200): Answer {
  return {
    status,
    body: renderIssue({ sim: call.sim, repository }, issue),
    ...(status === 201 ? { headers: { location: apiIssueUrl(call.sim, repository, issue) } } : {}),
  }
}

function create(call: Call): Answer {
  const acting = actInTracker(call)
  return answer(call, { ...acting, issue: createIssue(call.sim, acting, readIssueEdit(call)) }, 201)
}

function update(call: Call): Answer {
  const on = actOnIssue(call)
  updateIssue(call.sim, on, readIssueEdit(call))
  return answer(call, on)
}

function remove(call: Call): Answer {
  deleteIssue(actOnIssue(call))
  return { status: 204 }
}

function listChanges(call: Call): Answer {
  const { issue, ...place } = readIssue(call)
  return listItems(call, issue.changes, {
    render: (change) => renderIssueChange(place, issue, change),
    queryable: issueChangeFields,
    quick: quickIssueChange,
    size: { usual: 20, most: 100 },
  })
}

function createChange(call: Call): Answer {
  const on = actOnIssue(call)
  const message = stringAt(call.body, 'message', 'raw') ?? null
  const change = changeIssue(call.sim, on, { edit: readIssueChanges(call), message })
  const { repository, issue } = on
  return {
    status: 201,
    body: renderIssueChange({ sim: call.sim, repository }, issue, change),
    headers: { location: `${apiIssueUrl(call.sim, repository, issue)}/changes/${change.id}` },
  }
}

function showChange(call: Call): Answer {
  const { issue, ...place } = readIssue(call)
  const change = issue.changes.find((one) => String(one.id) === call.params['change'])
  if (change === undefined) throw notFound('Change not found.')
  return { body: renderIssueChange(place, issue, change) }
}

export const issueEndpoints: Endpoint[] = [
  trackerEndpoint('GET', `${trackerBase}/issues`, needs.readIssue, list),
  trackerEndpoint('POST', `${trackerBase}/issues`, needs.writeIssue, create),
  trackerEndpoint('GET', issueBase, needs.readIssue, (call) => {
    const { issue, ...place } = readIssue(call)
    return { body: renderIssue(place, issue) }
  }),
  trackerEndpoint('PUT', issueBase, needs.writeIssue, update),
  trackerEndpoint('DELETE', issueBase, needs.deleteIssue, remove),
  trackerEndpoint('GET', `${issueBase}/changes`, needs.readIssue, listChanges),
  trackerEndpoint('POST', `${issueBase}/changes`, needs.writeIssue, createChange),
  trackerEndpoint('GET', `${issueBase}/changes/:change`, needs.readIssue, showChange),
]
