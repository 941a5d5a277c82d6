import type { PageRoute } from '../../shared/serve-pages.ts'
import type { Permission } from '../model.ts'
import { addCommitComment, editCommitComment, removeCommitComment, showCommit } from './commit-page.ts'
import { showComparison } from './compare-page.ts'
import { decideConsent, showConsent } from './consent-page.ts'
import { showDeployments } from './deployments-page.ts'
import { showBranches, showCommits } from './history-pages.ts'
import { logOut, showDashboard, showStart, showWorkspace } from './home-pages.ts'
import { runImport, showImport } from './import-page.ts'
import * as issueForms from './issue-forms.ts'
import { showIssue } from './issue-page.ts'
import * as issueSettings from './issue-settings-page.ts'
import { showIssues } from './issues-page.ts'
import { showFront, showGroup, showProject, showTagCommits } from './linked-pages.ts'
import { logIn, showLogin } from './login-page.ts'
import { addIssue, showNewIssue } from './new-issue-page.ts'
import { addPullRequest, showNewPullRequest } from './new-pull-request-page.ts'
import * as pipelinePage from './pipeline-page.ts'
import { showPipelines, startPipelineFromPage } from './pipelines-page.ts'
import * as forms from './pull-request-forms.ts'
import { showPullRequest } from './pull-request-page.ts'
import { showPullRequests } from './pull-requests-page.ts'
import { showRepository, showSource } from './source-page.ts'
import {
  type Answer,
  type Page,
  type PersonVisit,
  type RepositoryVisit,
  redirect,
  type Visit,
  visitRepository,
} from './visit.ts'
import * as hooks from './webhooks-page.ts'

type Answers = Answer | Promise<Answer>

export type WebRoute = PageRoute<Visit, PersonVisit, Page>

// The server ignores a slash at the end. A dot keeps `/2.0/…` and the like out: no workspace has one in its slug.
const workspace = '/:workspace(^[^.]+$)'
const repository = `${workspace}/:repo`

function open(
  method: WebRoute['method'],
  path: string,
  handle: (visit: Visit, cookies: string | undefined) => Answers,
): WebRoute {
  return { method, path, access: 'anyone', handle }
}

function person(method: WebRoute['method'], path: string, handle: (visit: PersonVisit) => Answers): WebRoute {
  return { method, path, access: 'person', handle }
}

type RepositoryHandler = (visit: RepositoryVisit) => Answers

function page(path: string, handle: RepositoryHandler, wanted: Permission = 'read'): WebRoute {
  return person('GET', `${repository}${path}`, (visit) => handle(visitRepository(visit, wanted)))
}

function form(path: string, handle: RepositoryHandler, wanted: Permission = 'read'): WebRoute {
  return person('POST', `${repository}${path}`, (visit) => handle(visitRepository(visit, wanted)))
}

const general: WebRoute[] = [
  open('GET', '/', showStart),
  open('GET', '/account/signin/', showLogin),
  open('POST', '/account/signin/', logIn),
  open('POST', '/account/signout/', logOut),
  person('GET', '/site/oauth2/authorize', showConsent),
  person('POST', '/site/oauth2/authorize', decideConsent),
  person('GET', '/dashboard/overview', showDashboard),
  person('GET', '/dashboard', () => redirect('/dashboard/overview')),
  person('GET', '/repo/import', showImport),
  person('POST', '/repo/import', runImport),
  person('GET', workspace, showWorkspace),
  person('GET', `${workspace}/workspace/repositories`, showWorkspace),
  person('GET', `${workspace}/workspace/projects/:key`, showProject),
  person('GET', `${workspace}/workspace/settings/groups/:group`, showGroup),
  person('GET', `${workspace}/workspace/settings/webhooks`, hooks.showWorkspaceHooks),
  person('GET', `${workspace}/workspace/settings/webhooks/:hook`, hooks.showWorkspaceHook),
  person('POST', `${workspace}/workspace/settings/webhooks/:hook/history`, hooks.setWorkspaceHookHistory),
  person(
    'POST',
    `${workspace}/workspace/settings/webhooks/:hook/deliveries/:delivery/resend`,
    hooks.resendFromWorkspace,
  ),
]

const source: WebRoute[] = [
  person('GET', repository, showFront),
  page('/src', showRepository),
  page('/src/*', showSource),
  page('/branch/*', showSource),
  page('/commits', showCommits),
  page('/commits/:hash', showCommit),
  page('/commits/tag/*', showTagCommits),
  page('/branches', showBranches),
  page('/branches/compare/*', showComparison),
  form('/commits/:hash/comments', addCommitComment),
  form('/commits/:hash/comments/:comment/edit', editCommitComment),
  form('/commits/:hash/comments/:comment/delete', removeCommitComment),
  person('GET', `${repository}/admin/webhooks`, hooks.showRepositoryHooks),
  person('GET', `${repository}/admin/webhooks/:hook`, hooks.showRepositoryHook),
  person('POST', `${repository}/admin/webhooks/:hook/history`, hooks.setRepositoryHookHistory),
  person('POST', `${repository}/admin/webhooks/:hook/deliveries/:delivery/resend`, hooks.resendFromRepository),
]

const pullRequests: WebRoute[] = [
  page('/pull-requests', showPullRequests),
  page('/pull-requests/new', showNewPullRequest),
  form('/pull-requests', addPullRequest),
  page('/pull-requests/:id', showPullRequest),
  page('/pull-requests/:id/*', showPullRequest),
  form('/pull-requests/:id/comments', forms.addComment),
  form('/pull-requests/:id/comments/:comment/edit', forms.editComment),
  form('/pull-requests/:id/comments/:comment/delete', forms.deleteComment),
  form('/pull-requests/:id/comments/:comment/resolve', forms.resolveComment),
  form('/pull-requests/:id/comments/:comment/reopen', forms.reopenComment),
  form('/pull-requests/:id/tasks', forms.addTask),
  form('/pull-requests/:id/tasks/:task/resolve', forms.resolveTask),
  form('/pull-requests/:id/tasks/:task/reopen', forms.reopenTask),
  form('/pull-requests/:id/approve', forms.approve),
  form('/pull-requests/:id/unapprove', forms.unapprove),
  form('/pull-requests/:id/request-changes', forms.requestChanges),
  form('/pull-requests/:id/remove-request-changes', forms.removeRequestChanges),
  form('/pull-requests/:id/merge', forms.merge, 'write'),
  form('/pull-requests/:id/decline', forms.decline),
  form('/pull-requests/:id/draft', forms.setDraft),
]

const pipelines: WebRoute[] = [
  page('/pipelines', showPipelines),
  page('/addon/pipelines/home', showPipelines),
  form('/pipelines', startPipelineFromPage, 'write'),
  page('/pipelines/results/:number', pipelinePage.showPipeline),
  form('/pipelines/results/:number/stop', pipelinePage.stopFromPage, 'write'),
  form('/pipelines/results/:number/resume', pipelinePage.resumeFromPage, 'write'),
  form('/pipelines/results/:number/rerun', pipelinePage.rerunFromPage, 'write'),
  page('/deployments', showDeployments),
]

const issues: WebRoute[] = [
  page('/issues', showIssues),
  page('/issues/new', showNewIssue),
  page('/issues/:id', showIssue),
  page('/issues/:id/*', showIssue),
  form('/issues', addIssue),
  form('/issues/:id/comments', issueForms.addIssueComment),
  form('/issues/:id/comments/:comment/edit', issueForms.editIssueComment),
  form('/issues/:id/comments/:comment/delete', issueForms.removeIssueComment),
  form('/issues/:id/state', issueForms.changeState),
  form('/issues/:id/assignee', issueForms.changeAssignee),
  form('/issues/:id/edit', issueForms.editIssue),
  form('/issues/:id/delete', issueForms.removeIssue),
  form('/issues/:id/vote', issueForms.vote),
  form('/issues/:id/unvote', issueForms.unvote),
  form('/issues/:id/watch', issueForms.watch),
  form('/issues/:id/unwatch', issueForms.unwatch),
  page('/issues/:id/attachments/:name', issueForms.downloadAttachment),
  form('/issues/:id/attachments', issueForms.addAttachments),
  form('/issues/:id/attachments/:name/delete', issueForms.removeAttachment),
  page('/admin/issues', issueSettings.showIssueSettings, 'admin'),
  form('/admin/issues/defaults', issueSettings.saveIssueDefaults, 'admin'),
  form('/admin/issues/export', issueSettings.exportIssues, 'admin'),
  form('/admin/issues/import', issueSettings.importIssues, 'admin'),
  form('/admin/issues/:parts', issueSettings.addTrackerPart, 'admin'),
  form('/admin/issues/:parts/:part/delete', issueSettings.removeTrackerPart, 'admin'),
]

export const routes: WebRoute[] = [...general, ...source, ...pullRequests, ...pipelines, ...issues]
