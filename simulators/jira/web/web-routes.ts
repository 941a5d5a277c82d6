import type { PageRoute } from '../../shared/serve-pages.ts'
import { attach, openAttachment, removeAttachment } from './attachment-forms.ts'
import { decideConsent, showConsent } from './consent-page.ts'
import {
  changeComment,
  changeIssue,
  changeStatus,
  createComment,
  removeComment,
  removeIssue,
  showIssue,
} from './issue-page.ts'
import { logIn, logOut, showLogin, showStart } from './login-page.ts'
import { create, showCreate, showProject, showProjects } from './projects-page.ts'
import type { Answer, Page, PersonVisit, Visit } from './visit.ts'
import { addHook, removeHook, showHooks } from './webhooks-page.ts'

export type WebRoute = PageRoute<Visit, PersonVisit, Page>

function page(path: string, handle: (visit: PersonVisit) => Answer): WebRoute {
  return { method: 'GET', path, access: 'person', handle }
}

function form(path: string, handle: (visit: PersonVisit) => Answer): WebRoute {
  return { method: 'POST', path, access: 'person', handle }
}

export const routes: WebRoute[] = [
  { method: 'GET', path: '/', access: 'anyone', handle: showStart },
  { method: 'GET', path: '/login', access: 'anyone', handle: showLogin },
  { method: 'POST', path: '/login', access: 'anyone', handle: logIn },
  { method: 'POST', path: '/logout', access: 'anyone', handle: logOut },
  page('/authorize', showConsent),
  form('/authorize', decideConsent),
  page('/jira/projects', showProjects),
  page('/jira/projects/:project', showProject),
  page('/jira/projects/:project/create', showCreate),
  form('/jira/projects/:project/create', create),
  page('/browse/:issue', showIssue),
  form('/browse/:issue/edit', changeIssue),
  form('/browse/:issue/delete', removeIssue),
  form('/browse/:issue/transition', changeStatus),
  form('/browse/:issue/attachments', attach),
  form('/browse/:issue/attachments/:attachment/delete', removeAttachment),
  page('/secure/attachment/:attachment/:name', openAttachment),
  form('/browse/:issue/comments', createComment),
  form('/browse/:issue/comments/:comment/edit', changeComment),
  form('/browse/:issue/comments/:comment/delete', removeComment),
  page('/plugins/servlet/webhooks', showHooks),
  form('/plugins/servlet/webhooks', addHook),
  form('/plugins/servlet/webhooks/:hook/delete', removeHook),
]
