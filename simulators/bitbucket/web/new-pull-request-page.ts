import { html } from '../../shared/html.ts'
import { listRefs } from '../git/refs.ts'
import type { Person, Repository } from '../model.ts'
import { effectiveModel } from '../operations/branching-models.ts'
import { createPullRequest } from '../operations/create-pull-request.ts'
import { reviewersFor } from '../operations/default-reviewers.ts'
import { findSource, relativesOf } from '../operations/pull-request-source.ts'
import { fullName } from '../render/links.ts'
import { badRequest } from '../simulator-error.ts'
import { formText } from './form.ts'
import { options } from './issues-page.ts'
import { keepTyped } from './try-again.ts'
import { type Answer, mayIn, principalOf, type RepositoryVisit, redirect, show } from './visit.ts'

/** Whom a pull request can be shown to for review. */
function reviewers({ repository, person }: RepositoryVisit) {
  const members = repository.workspace.members.map((member) => member.person)
  return members.filter((one) => one.uuid !== person.uuid && one.kind === 'user' && mayIn(repository, one, 'read'))
}

async function branchesOf({ directory }: Repository): Promise<string[]> {
  return (await listRefs(directory)).filter((ref) => ref.kind === 'branch').map((ref) => ref.name)
}

/** Branches of forks that the person may push to: no name of a branch has a colon. */
async function branchesElsewhere({ sim, repository, person }: RepositoryVisit): Promise<string[]> {
  const forks = relativesOf(sim, repository).filter((one) => mayIn(one, person, 'write'))
  const names = await Promise.all(
    forks.map(async (fork) => (await branchesOf(fork)).map((branch) => `${fullName(fork)}:${branch}`)),
  )
  return names.flat()
}

/** What the form names as source: a branch here, or that of a fork. */
function readSource({ sim, repository, person, form }: RepositoryVisit) {
  const [branch = '', named] = (formText(form, 'source') ?? '').split(':').toReversed()
  if (named === undefined) return { source: repository, sourceBranch: branch }
  return { source: findSource(sim, principalOf(person), { repository, named }), sourceBranch: branch }
}

export async function showNewPullRequest(visit: RepositoryVisit): Promise<Answer> {
  const { repository, base } = visit
  const branches = await branchesOf(repository)
  const main = repository.mainBranch ?? ''
  const source = visit.query.get('source') ?? branches.find((name) => name !== main) ?? ''
  const { defaultBranchDeletion: deletesByDefault } = await effectiveModel(repository)
  const asked = reviewersFor(repository, visit.person)
  const isDefault = (one: Person) => asked.includes(one)
  const body = html`<h1>Create pull request</h1><form method="post" action="${base}/pull-requests" class="narrow" id="new-pull-request-form">
<label for="source">Source branch</label><select id="source" name="source">${options([...branches, ...(await branchesElsewhere(visit))], source)}</select>
<label for="destination">Destination branch</label><select id="destination" name="destination">${options(branches, main)}</select>
<label for="title">Title</label><input id="title" name="title" required maxlength="255">
<label for="description">Description</label><textarea id="description" name="description" rows="5"></textarea>
<fieldset><legend>Reviewers</legend>${reviewers(visit).map(
    (one) =>
      html`<label><input type="checkbox" name="reviewer" value="${one.accountId}"${isDefault(one) && html` checked`}> ${one.displayName}</label>`,
  )}</fieldset>
<label><input type="checkbox" name="close_source_branch" value="on"${deletesByDefault && html` checked`}> Close source branch after merging</label>
<label><input type="checkbox" name="draft" value="on"> Create as a draft</label>
<button class="primary" id="create-pull-request">Create pull request</button></form>`
  return show({ title: 'Create pull request', body, repository, tab: 'pull-requests' })
}

export const addPullRequest = keepTyped(async (visit) => {
  const { sim, repository, person: actor, form, base } = visit
  const title = (formText(form, 'title') ?? '').trim()
  if (title === '') throw badRequest('Bad request', { title: ['This field is required.'] })
  const wanted = form.getAll('reviewer')
  const pullRequest = await createPullRequest(
    sim,
    { repository, actor },
    {
      title,
      description: formText(form, 'description') ?? '',
      ...readSource(visit),
      destinationBranch: formText(form, 'destination'),
      closeSourceBranch: form.get('close_source_branch') === 'on',
      draft: form.get('draft') === 'on',
      reviewers: reviewers(visit).filter((one) => wanted.includes(one.accountId)),
    },
  )
  return redirect(`${base}/pull-requests/${pullRequest.id}`)
})
