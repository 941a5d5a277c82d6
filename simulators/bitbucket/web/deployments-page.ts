import { type Html, html } from '../../shared/html.ts'
import { type Deployment, type Environment, environmentTypes } from '../model/pipelines.ts'
import { advancePipelines } from '../operations/pipeline-clock.ts'
import { dataTable } from './data-table.ts'
import { lozenge, moment } from './layout.ts'
import { type Answer, type RepositoryVisit, show } from './visit.ts'

const deploymentsShown = 10

function stateName({ state }: Deployment): string {
  return state.name === 'COMPLETED' ? state.status : state.name
}

function isLive({ state }: Deployment): boolean {
  return state.name === 'COMPLETED' && state.status === 'SUCCESSFUL'
}

function release(base: string, { pipeline, hash }: Deployment): Html {
  return html`<a href="${base}/pipelines/results/${pipeline.buildNumber}">#${pipeline.buildNumber}</a> <a href="${base}/commits/${hash}"><code>${hash.slice(0, 7)}</code></a>`
}

function timeOf({ state, lastUpdateTime }: Deployment): string {
  return state.name === 'UNDEPLOYED' ? lastUpdateTime : state.startedOn
}

function row(base: string, deployment: Deployment) {
  const { state, pipeline } = deployment
  return {
    cells: [
      release(base, deployment),
      lozenge(stateName(deployment)),
      pipeline.creator.displayName,
      state.name !== 'UNDEPLOYED' && moment(state.startedOn),
    ],
  }
}

/** The newest first; what waits for somebody has no time and comes last. */
function showEnvironment(base: string, environment: Environment, deployments: Deployment[]): Html {
  const mine = deployments
    .filter((one) => one.environment === environment)
    .toSorted((one, other) => Date.parse(timeOf(other)) - Date.parse(timeOf(one)))
  const started = mine.filter(({ state }) => state.name !== 'UNDEPLOYED')
  const byTime = [...started, ...mine.filter(({ state }) => state.name === 'UNDEPLOYED')]
  const live = started.find(isLive)
  const id = environment.slug
  return html`<section id="environment-${id}" aria-labelledby="heading-${id}"><h2 id="heading-${id}">${environment.name}${environment.name !== environment.type && html` <small>${environment.type}</small>`}</h2>
${live === undefined ? html`<p>Nothing has been deployed here yet. A step of a pipeline with <code>deployment: ${environment.name.toLowerCase()}</code> does it.</p>` : html`<p class="row">Live: ${release(base, live)} ${moment(live.lastUpdateTime)} by ${live.pipeline.creator.displayName}</p>`}
${
  mine.length > 0 &&
  html`<details id="deployments-to-${id}"><summary>Last deployments (${Math.min(mine.length, deploymentsShown)} of ${mine.length})</summary>${dataTable(
    {
      label: `Deployments to ${environment.name}`,
      id: `deployed-to-${id}`,
      heads: ['Release', 'State', 'By', 'Started'],
      rows: byTime.slice(0, deploymentsShown).map((one) => row(base, one)),
    },
  )}</details>`
}</section>`
}

/** Environments with what runs there, test before staging before production. */
export async function showDeployments(visit: RepositoryVisit): Promise<Answer> {
  const { sim, repository, base } = visit
  await advancePipelines(sim)
  const shown = environmentTypes.flatMap((type) => repository.environments.filter((one) => one.type === type))
  const body = html`<h1>Deployments</h1>${shown.length === 0 && html`<p>This repository has no environments. Steps of its pipelines name them with <code>deployment:</code>, or programs make them through the API.</p>`}${shown.map((one) => showEnvironment(base, one, repository.deployments))}`
  return show({ title: 'Deployments', body, repository, tab: 'deployments' })
}
