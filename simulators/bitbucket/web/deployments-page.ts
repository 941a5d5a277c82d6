import { type Html, html } from '../../shared/html.ts'
import { type Deployment, type Environment, environmentTypes } from '../model/pipelines.ts'
import { advancePipelines } from '../operations/pipeline-clock.ts'
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

function row(base: string, deployment: Deployment): Html {
  const { state, pipeline } = deployment
  return html`<tr><td>${release(base, deployment)}</td><td>${lozenge(stateName(deployment))}</td><td>${pipeline.creator.displayName}</td>
<td>${state.name !== 'UNDEPLOYED' && moment(state.startedOn)}</td></tr>`
}

function showEnvironment(base: string, environment: Environment, deployments: Deployment[]): Html {
  const mine = deployments.filter((one) => one.environment === environment).toReversed()
  const started = mine.filter(({ state }) => state.name !== 'UNDEPLOYED')
  const byTime = [...started, ...mine.filter(({ state }) => state.name === 'UNDEPLOYED')]
  const live = started.find(isLive)
  return html`<section id="environment-${environment.slug}" aria-labelledby="heading-${environment.slug}"><h2 id="heading-${environment.slug}">${environment.name}${environment.name !== environment.type && html` <small>${environment.type}</small>`}</h2>
${live === undefined ? html`<p>Nothing has been deployed here yet.</p>` : html`<p class="row">Live: ${release(base, live)} ${moment(live.lastUpdateTime)} by ${live.pipeline.creator.displayName}</p>`}
${
  mine.length > 0 &&
  html`<details><summary>Last deployments (${Math.min(mine.length, deploymentsShown)} of ${mine.length})</summary><div class="scroll"><table><thead><tr><th>Release</th><th>State</th><th>By</th><th>Started</th></tr></thead>
<tbody>${byTime.slice(0, deploymentsShown).map((one) => row(base, one))}</tbody></table></div></details>`
}</section>`
}

/** Environments with what runs there, test before staging before production. */
export async function showDeployments(visit: RepositoryVisit): Promise<Answer> {
  const { sim, repository, base } = visit
  await advancePipelines(sim)
  const shown = environmentTypes.flatMap((type) => repository.environments.filter((one) => one.type === type))
  const body = html`<h1>Deployments</h1>${shown.length === 0 && html`<p>This repository has no environments.</p>`}${shown.map((one) => showEnvironment(base, one, repository.deployments))}`
  return show({ title: 'Deployments', body, repository, tab: 'deployments' })
}
