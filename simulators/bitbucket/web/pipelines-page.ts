import { Html, html } from '../../shared/html.ts'
import { listRefs } from '../git/refs.ts'
import type { Pipeline } from '../model/pipelines.ts'
import { refNameOf } from '../operations/advance-runs.ts'
import { advancePipelines, runPipeline } from '../operations/pipeline-clock.ts'
import { commitFor } from '../operations/run-pipeline.ts'
import { choosePipelines, statusName } from '../pipelines/choose-pipelines.ts'
import { secondsBetween } from '../render/pipeline.ts'
import { dataTable, pageLinks } from './data-table.ts'
import { encodePath } from './encode-path.ts'
import { formNumber, formText } from './form.ts'
import { lozenge, moment } from './layout.ts'
import { refreshNote } from './refresh-note.ts'
import { type Answer, mayIn, type RepositoryVisit, redirect, show } from './visit.ts'

const pipelinesPerPage = 30
const statuses = ['PENDING', 'BUILDING', 'PAUSED', 'HALTED', 'PASSED', 'FAILED', 'ERROR', 'STOPPED']

/** `1 m 5 s` */
export function duration(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} m ${seconds % 60} s`
}

/** What a pipeline ran on, as a link. */
export function place(base: string, pipeline: Pipeline): Html {
  const { target } = pipeline
  switch (target.kind) {
    case 'ref':
      return target.refType === 'branch'
        ? html`<a href="${base}/src/${encodePath(target.refName)}/">${target.refName}</a>`
        : html`tag ${target.refName}`
    case 'pull_request':
      return html`<a href="${base}/pull-requests/${target.pullRequestId}">#${target.pullRequestId}</a> ${target.source}`
    case 'commit':
      return html`${refNameOf(pipeline)}`
    default:
      return target satisfies never
  }
}

function row(base: string, pipeline: Pipeline) {
  const { buildNumber, target, steps } = pipeline
  const seconds = steps.reduce((sum, step) => sum + secondsBetween(step.startedOn, step.completedOn), 0)
  return {
    cells: [
      html`<a href="${base}/pipelines/results/${buildNumber}">#${buildNumber}</a>`,
      lozenge(statusName(pipeline)),
      html`${place(base, pipeline)}${target.selector?.type === 'custom' && html` <small>${target.selector.pattern}</small>`}`,
      html`<a href="${base}/commits/${target.hash}"><code>${target.hash.slice(0, 7)}</code></a>`,
      html`${pipeline.creator.displayName} <small>${pipeline.trigger.toLowerCase()}</small>`,
      moment(pipeline.createdOn),
      duration(seconds),
    ],
  }
}

async function runForm(visit: RepositoryVisit): Promise<Html | null> {
  const { repository, person, base } = visit
  if (repository.pipelinesConfig.enabled !== true || !mayIn(repository, person, 'write')) return null
  const branches = (await listRefs(repository.directory)).filter(({ kind }) => kind === 'branch')
  return html`<details><summary id="run-pipeline-summary">Run a pipeline</summary><form method="post" action="${base}/pipelines" class="narrow" id="run-pipeline-form">
<label for="branch">Branch</label><select id="branch" name="branch">${branches.map(
    ({ name }) => html`<option${name === repository.mainBranch && new Html(' selected')}>${name}</option>`,
  )}</select>
<label for="custom">Custom pipeline</label><input id="custom" name="custom" maxlength="255" aria-describedby="custom-hint">
<small id="custom-hint">Its name in bitbucket-pipelines.yml; leave it empty for what the branch usually runs.</small>
<p><button class="primary" id="run-pipeline">Run</button></p></form></details>`
}

function filterForm(status: string): Html {
  return html`<form method="get" class="row"><label for="status">Status</label><select id="status" name="status"><option value="">all</option>${statuses.map(
    (one) => html`<option value="${one}"${one === status && new Html(' selected')}>${one.toLowerCase()}</option>`,
  )}</select><button id="filter-pipelines">Filter</button></form>`
}

/** Pipelines, newest first. */
export async function showPipelines(visit: RepositoryVisit): Promise<Answer> {
  const { sim, repository, base, query } = visit
  await advancePipelines(sim)
  const status = query.get('status') ?? ''
  const all = choosePipelines(repository.pipelines, new URLSearchParams({ status, sort: '-created_on' }))
  const page = Math.max(1, formNumber(query, 'page') ?? 1)
  const start = (page - 1) * pipelinesPerPage
  const shown = all.slice(start, start + pipelinesPerPage)
  const address = (number: number) => `?${new URLSearchParams({ status, page: String(number) }).toString()}`
  const table = dataTable({
    label: 'Pipelines',
    id: 'pipelines',
    heads: ['Pipeline', 'Status', 'Runs on', 'Commit', 'By', 'Started', 'Took'],
    rows: shown.map((one) => row(base, one)),
  })
  const isOn = repository.pipelinesConfig.enabled === true
  const off = html`<p id="pipelines-off">Pipelines are switched off in this repository.</p>`
  const runs = shown.some((one) => one.state.name !== 'COMPLETED')
  const body = html`<h1>Pipelines</h1>${!isOn && off}${await runForm(visit)}${filterForm(status)}${
    shown.length === 0
      ? html`<p>${status === '' ? 'No pipelines yet.' : 'No pipeline is in this state.'} ${isOn && 'A push to a branch starts one when the branch has a bitbucket-pipelines.yml.'}</p>`
      : html`${table}${pageLinks({ page, last: start + pipelinesPerPage >= all.length, address })}`
  }${runs && refreshNote}<script src="/_web/pipelines.js" defer></script>`
  return show({ title: 'Pipelines', body, repository, tab: 'pipelines' })
}

export async function startPipelineFromPage(visit: RepositoryVisit): Promise<Answer> {
  const { sim, repository, person: actor, form, base } = visit
  const refName = formText(form, 'branch') ?? ''
  const custom = formText(form, 'custom')?.trim() ?? ''
  const hash = await commitFor(repository, `refs/heads/${refName}`)
  const selector = custom === '' ? null : ({ type: 'custom', pattern: custom } as const)
  const target = { kind: 'ref', refType: 'branch', refName, hash, selector } as const
  const pipeline = await runPipeline(sim, { repository, actor }, { target, trigger: 'MANUAL', variables: [] })
  return redirect(`${base}/pipelines/results/${pipeline.buildNumber}`)
}
