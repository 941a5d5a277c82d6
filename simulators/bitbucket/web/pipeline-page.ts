import { type Html, html } from '../../shared/html.ts'
import type { Pipeline, PipelineStep } from '../model/pipelines.ts'
import { haltPipeline, resumePipeline } from '../operations/advance-runs.ts'
import { advancePipelines, runPipeline, wakePipelines } from '../operations/pipeline-clock.ts'
import { statusName } from '../pipelines/choose-pipelines.ts'
import { secondsBetween } from '../render/pipeline.ts'
import { notFound, SimulatorError } from '../simulator-error.ts'
import { lozenge, moment } from './layout.ts'
import { duration, place } from './pipelines-page.ts'
import { refreshNote } from './refresh-note.ts'
import { type Answer, mayIn, type RepositoryVisit, redirect, show } from './visit.ts'

async function pipelineOf({ sim, repository, params }: RepositoryVisit): Promise<Pipeline> {
  await advancePipelines(sim)
  const found = repository.pipelines.find((one) => String(one.buildNumber) === params['number'])
  if (found === undefined) throw notFound('There is no such pipeline.')
  return found
}

function tests({ tests: cases }: PipelineStep): Html | null {
  if (cases === undefined) return null
  const failed = cases.filter(({ status }) => status === 'FAILED' || status === 'ERROR')
  return html`<p>${cases.length} tests, ${failed.length} failed</p>${failed.length > 0 && html`<ul>${failed.map((one) => html`<li>${one.name}: ${one.reason}</li>`)}</ul>`}`
}

function stepState({ state }: PipelineStep): string {
  if (state.name === 'COMPLETED') return state.result
  return state.name === 'IN_PROGRESS' ? 'BUILDING' : state.name
}

function showStep(base: string, step: PipelineStep): Html {
  const id = step.uuid.slice(1, -1)
  return html`<section class="step" id="step-${id}" aria-labelledby="heading-${id}"><h2 id="heading-${id}">${step.name} ${lozenge(stepState(step))}</h2>
<p class="row">${step.startedOn !== null && moment(step.startedOn)} ${step.completedOn !== null && duration(secondsBetween(step.startedOn, step.completedOn))}
${step.environment !== null && html`<a href="${base}/deployments#environment-${step.environment.slug}">${step.environment.name}</a>`}
${step.runNumber > 1 && html`<small>run ${step.runNumber}</small>`}</p>${tests(step)}${
    step.log === null
      ? html`<p><small>No log.</small></p>`
      : html`<details id="log-${id}"><summary id="log-${id}-open">Log</summary><pre class="log" tabindex="0" aria-label="Log of ${step.name}">${step.log}</pre></details>`
  }</section>`
}

function waitsForSomebody({ state }: Pipeline): boolean {
  return state.name === 'IN_PROGRESS' && state.stage === 'PAUSED'
}

function actions(visit: RepositoryVisit, pipeline: Pipeline): Html | null {
  const { repository, person, base } = visit
  if (!mayIn(repository, person, 'write')) return null
  const button = (action: string, label: string) =>
    html`<form method="post" action="${base}/pipelines/results/${pipeline.buildNumber}/${action}"><button id="${action}-pipeline">${label}</button></form>`
  const isOver = pipeline.state.name === 'COMPLETED'
  return html`<div class="row">${waitsForSomebody(pipeline) && button('resume', 'Run the next step')}${isOver ? button('rerun', 'Run again') : button('stop', 'Stop')}</div>`
}

export async function showPipeline(visit: RepositoryVisit): Promise<Answer> {
  const { repository, base } = visit
  const pipeline = await pipelineOf(visit)
  const { target, error, stoppedBy } = pipeline
  const title = `Pipeline #${pipeline.buildNumber}`
  const body = html`<h1>${title} ${lozenge(statusName(pipeline))}</h1>
<p>${place(base, pipeline)} at <a href="${base}/commits/${target.hash}"><code>${target.hash.slice(0, 7)}</code></a>, ${pipeline.trigger.toLowerCase()} by ${pipeline.creator.displayName}, ${moment(pipeline.createdOn)}</p>
${stoppedBy !== undefined && html`<p>Stopped by ${stoppedBy.displayName}.</p>`}${error !== undefined && html`<p class="problem" role="alert">${error.message}</p>`}${actions(visit, pipeline)}
${pipeline.state.name !== 'COMPLETED' && !waitsForSomebody(pipeline) && refreshNote}${pipeline.steps.map((step) => showStep(base, step))}<p><a href="${base}/pipelines">All pipelines</a></p><script src="/_web/pipelines.js" defer></script>`
  return show({ title, body, repository, tab: 'pipelines' })
}

function back({ base }: RepositoryVisit, { buildNumber }: Pipeline): Answer {
  return redirect(`${base}/pipelines/results/${buildNumber}`)
}

export async function stopFromPage(visit: RepositoryVisit): Promise<Answer> {
  const pipeline = await pipelineOf(visit)
  const { sim, repository, person } = visit
  if (!(await haltPipeline(sim, repository, { pipeline, person })))
    throw new SimulatorError(409, 'This pipeline is over already.')
  return back(visit, pipeline)
}

export async function resumeFromPage(visit: RepositoryVisit): Promise<Answer> {
  const pipeline = await pipelineOf(visit)
  if (!resumePipeline(visit.sim, visit.repository, pipeline))
    throw new SimulatorError(409, 'This pipeline does not wait for anybody.')
  wakePipelines(visit.sim)
  return back(visit, pipeline)
}

/** The same target once more, as a pipeline of its own. */
export async function rerunFromPage(visit: RepositoryVisit): Promise<Answer> {
  const { sim, repository, person: actor } = visit
  const { target, variables } = await pipelineOf(visit)
  return back(visit, await runPipeline(sim, { repository, actor }, { target, trigger: 'MANUAL', variables }))
}
