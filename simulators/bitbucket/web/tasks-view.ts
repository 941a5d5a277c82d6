import { type Html, html } from '../../shared/html.ts'
import type { PullRequest, Task } from '../model.ts'
import type { Place } from '../render/place.ts'
import { commentForm } from './comment-thread.ts'
import { lozenge } from './layout.ts'
import { markdown } from './markdown.ts'

function renderTask(place: Place, task: Task, action: string): Html {
  const isOpen = task.state === 'UNRESOLVED'
  const verb = isOpen ? 'resolve' : 'reopen'
  return html`<li id="task-${task.id}"><div class="row">${lozenge(isOpen ? 'OPEN' : 'RESOLVED')}<div class="prose">${markdown(place, task.raw)}</div>
<small>${task.creator.displayName}${task.resolvedBy !== null && html`, resolved by ${task.resolvedBy.displayName}`}</small>
${task.commentId !== null && html`<a href="#comment-${task.commentId}">comment</a>`}
<form method="post" action="${action}/tasks/${task.id}/${verb}"><button id="${verb}-task-${task.id}">${isOpen ? 'Resolve' : 'Reopen'}</button></form></div></li>`
}

interface TasksView {
  visit: Place
  pullRequest: PullRequest
  /** Address of the page. */
  action: string
}

/** The tasks of a pull request, with a form for a new one while it is open. */
export function renderTasks({ visit, pullRequest, action }: TasksView): Html {
  const open = pullRequest.tasks.filter((task) => task.state === 'UNRESOLVED').length
  return html`<section id="tasks" aria-labelledby="tasks-heading"><h2 id="tasks-heading">Tasks (${open} open)</h2>
<ul class="plain">${pullRequest.tasks.map((task) => renderTask(visit, task, action))}</ul>
${
  pullRequest.state === 'OPEN' &&
  html`<details><summary id="new-task-open">Add task</summary>${commentForm({ action: `${action}/tasks`, id: 'new-task', label: 'Task', button: 'Add task' })}</details>`
}</section>`
}
