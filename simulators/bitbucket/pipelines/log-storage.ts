import type { FastifyInstance } from 'fastify'
import type { PipelineStep } from '../model/pipelines.ts'
import type { Repository } from '../model.ts'
import { type Sim, stableSecret } from '../state.ts'

const path = '/__storage/pipeline-logs/:repository/:step'

function signatureOf(sim: Sim, repositoryUuid: string, stepUuid: string): string {
  return stableSecret(sim.seed, `log-${repositoryUuid}-${stepUuid}`, 40)
}

function withoutBraces(uuid: string): string {
  return uuid.slice(1, -1)
}

/** Where a finished log lies when the API sends clients away: its signature is all the address needs. */
export function signedLogUrl(sim: Sim, repository: Repository, step: PipelineStep): string {
  const signature = signatureOf(sim, repository.uuid, step.uuid)
  return `${sim.urls.web}/__storage/pipeline-logs/${withoutBraces(repository.uuid)}/${withoutBraces(step.uuid)}?signature=${signature}`
}

interface StoredLog {
  Params: { repository: string; step: string }
  Querystring: { signature?: string }
}

/** The long-term storage: another service, which refuses a request that comes with a second means of access. */
export function registerLogStorage(app: FastifyInstance, sim: Sim): void {
  app.get<StoredLog>(path, async (request, reply) => {
    const { repository: repositoryId, step: stepId } = request.params
    void reply.type('application/octet-stream')
    if (request.headers.authorization !== undefined)
      return await reply.code(400).send('Only one auth mechanism allowed')
    if (request.query.signature !== signatureOf(sim, `{${repositoryId}}`, `{${stepId}}`))
      return await reply.code(403).send('Access denied')
    const repository = sim.repositories.find((one) => one.uuid === `{${repositoryId}}`)
    const steps = repository?.pipelines.flatMap((one) => one.steps)
    const log = steps?.find((one) => one.uuid === `{${stepId}}`)?.log
    return await reply.code(log === null || log === undefined ? 404 : 200).send(log ?? '')
  }) // A cache was never filled: nothing is executed.
  app.get<{ Params: { cache: string } }>('/__storage/pipeline-caches/:cache', async (request, reply) => {
    const isThere = sim.repositories.some(({ pipelinesConfig }) =>
      pipelinesConfig.caches.some((one) => one.uuid === `{${request.params.cache}}`),
    )
    return await reply
      .code(isThere ? 200 : 404)
      .type('application/octet-stream')
      .send('')
  })
}
