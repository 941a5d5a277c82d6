import { needs } from '../auth/scopes.ts'
import { type Call, type Endpoint, listItems, repositoryOf } from '../call.ts'
import type { Person } from '../model.ts'
import {
  addDefaultReviewer,
  addProjectReviewer,
  effectiveReviewers,
  removeDefaultReviewer,
} from '../operations/default-reviewers.ts'
import { renderAccount } from '../render/account.ts'
import { badRequest, notFound } from '../simulator-error.ts'
import { getPerson } from './find-person.ts'
import { reachProject } from './reach-project.ts'

const onRepository = '/repositories/:workspace/:slug'
const onProject = '/workspaces/:workspace/projects/:key'
const reviewerPage = { usual: 20, most: 100 }

function personOf(call: Call): Person {
  return getPerson(call, call.params['user'] ?? '')
}

function renderReviewer(call: Call, { person, from }: ReturnType<typeof effectiveReviewers>[number]) {
  return { type: 'default_reviewer', reviewer_type: from, user: renderAccount(call.sim, person) }
}

const ofRepository: Endpoint[] = [
  {
    method: 'GET',
    path: `${onRepository}/default-reviewers`,
    need: needs.readPullRequest,
    handle: (call) =>
      listItems(call, repositoryOf(call).defaultReviewers, { render: (person) => renderAccount(call.sim, person) }),
  },
  {
    method: 'GET',
    path: `${onRepository}/effective-default-reviewers`,
    need: needs.readPullRequest,
    handle: (call) =>
      listItems(call, effectiveReviewers(repositoryOf(call)), {
        size: reviewerPage,
        render: (one) => renderReviewer(call, one),
      }),
  },
  {
    method: 'GET',
    path: `${onRepository}/default-reviewers/:user`,
    need: needs.readPullRequest,
    handle: (call) => {
      const { defaultReviewers } = repositoryOf(call)
      const person = personOf(call)
      if (!defaultReviewers.includes(person)) throw notFound(`${person.displayName} is not a default reviewer`)
      return { body: renderAccount(call.sim, person) }
    },
  },
  {
    method: 'PUT',
    path: `${onRepository}/default-reviewers/:user`,
    need: needs.adminRepository,
    handle: (call) => {
      const repository = repositoryOf(call, 'admin')
      const person = personOf(call)
      addDefaultReviewer(repository, person)
      return { body: renderAccount(call.sim, person) }
    },
  },
  {
    method: 'DELETE',
    path: `${onRepository}/default-reviewers/:user`,
    need: needs.adminRepository,
    handle: (call) => {
      removeDefaultReviewer(repositoryOf(call, 'admin'), personOf(call))
      return { status: 204 }
    },
  },
]

/** Of a project, who is no default reviewer is a bad request, not a missing page. */
function projectReviewerOf(call: Call) {
  const { project } = reachProject(call, 'admin')
  const person = personOf(call)
  if (!project.defaultReviewers.includes(person))
    throw badRequest(`${person.displayName} is not a default reviewer for this project`)
  return { project, person }
}

const ofProject: Endpoint[] = [
  {
    method: 'GET',
    path: `${onProject}/default-reviewers`,
    need: needs.readProjectReviewers,
    handle: (call) =>
      listItems(call, reachProject(call, 'admin').project.defaultReviewers, {
        render: (person) => renderReviewer(call, { person, from: 'project' }),
      }),
  },
  {
    method: 'GET',
    path: `${onProject}/default-reviewers/:user`,
    need: needs.readProjectReviewers,
    handle: (call) => ({ body: renderAccount(call.sim, projectReviewerOf(call).person) }),
  },
  {
    method: 'PUT',
    path: `${onProject}/default-reviewers/:user`,
    need: needs.adminProject,
    handle: (call) => {
      const { workspace, project } = reachProject(call, 'admin')
      const person = personOf(call)
      addProjectReviewer(workspace, project, person)
      return { body: renderAccount(call.sim, person) }
    },
  },
  {
    method: 'DELETE',
    path: `${onProject}/default-reviewers/:user`,
    need: needs.adminProject,
    handle: (call) => {
      const { project, person } = projectReviewerOf(call)
      removeDefaultReviewer(project, person)
      return { status: 204 }
    },
  },
]

export const defaultReviewerEndpoints: Endpoint[] = [...ofRepository, ...ofProject]
