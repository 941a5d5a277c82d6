import { chooseSource } from '../../../domain/delivery/deployments/choose-source.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Db } from '../../../store/db.ts'
import { listNamedDeployments, type NamedDeployment } from '../../../store/delivery/explain/explained.ts'
import { workOutDeployments } from '../deployments/work-out-deployments.ts'
import type { Explained } from './explain-metric.ts'

const failureWords = {
  manual: 'a person said that it failed',
  incident: 'an incident is charged to it',
  rollback: 'the next success went back to an earlier commit',
  hotfix: 'a repair followed soon after',
  deploy_failed: 'it did not succeed itself, which counts here by the organization’s setting',
} as const

type Worked = Awaited<ReturnType<typeof workOutDeployments>>

/** What a deployment counts as and why: with its tellings, the source in force, its changes. Throws `not_found`. */
export async function explainDeployment(
  db: Db,
  { organizationId, id }: { organizationId: string; id: string },
): Promise<Explained> {
  const [found] = await listNamedDeployments(db, { organizationId, ids: [id] })
  if (found === undefined) throw new AppError('not_found', 'There is no such deployment here.')
  const worked = await workOutDeployments(db, { organizationId, repositoryId: found.repositoryId })
  const counted = worked.counted.find(({ facts }) => facts.includes(id))
  const row = worked.rows.figures.find((one) => one.deployment_id === id)
  const tellings = await listNamedDeployments(db, { organizationId, ids: counted?.facts ?? [id] })
  const { repositoryId, repositoryName, name, environment, webUrl } = found
  return {
    figures: { pullRequests: [], changes: [], deployments: row === undefined ? [] : [row] },
    told: {
      subject: {
        id,
        repository: { id: repositoryId, name: repositoryName },
        number: null,
        title: name ?? environment,
        web_url: webUrl ?? '',
      },
      events: tellings.map((one) => ({
        at: one.completedAt?.toISOString() ?? null,
        what: one.state,
        by: null,
        from: one.source,
        rule:
          one.id === counted?.id ? 'ended it, and speaks for its environment' : 'another attempt, step or region of it',
      })),
      moments: row === undefined ? [] : listMoments(row),
      phases:
        row === undefined
          ? []
          : [{ name: 'recovery', from: 'completed_at', to: 'recovered_at', seconds: row.recovery_s }],
      flags: [],
      deployment: describe(found, worked, { isCounted: counted !== undefined, row }),
    },
  }
}

type Row = Worked['rows']['figures'][number]

function listMoments({ completed_at: completed, recovered_at: recovered }: Row) {
  return [
    { name: 'completed_at', at: completed.toISOString(), rule: 'completed', words: 'the end of its last attempt' },
    {
      name: 'recovered_at',
      at: recovered?.toISOString() ?? null,
      rule: recovered === null ? 'not_recovered' : 'recovered',
      words:
        recovered === null
          ? 'it broke nothing, or what it broke is not known to work again'
          : 'its last incident was resolved, or a rollback or repair was there',
    },
  ]
}

/** By the source's kind; one the database knows and this list does not is told as it is. */
const sourceWords: Readonly<Record<string, string | undefined>> = {
  bitbucket: 'Bitbucket’s deployments',
  merge: 'merges',
  tag: 'tags',
  pipeline: 'pipelines',
  push: 'calls of the API',
}

const wordsOf = (source: string) => sourceWords[source] ?? source

function describe(
  { completedAt, source, environment }: NamedDeployment,
  { sources, told }: Worked,
  { isCounted, row }: { isCounted: boolean; row: Row | undefined },
): string[] {
  const inForce = completedAt === null ? null : chooseSource(sources, completedAt.getTime() / 1000).kind
  const about = [
    inForce === null
      ? 'It has not ended.'
      : inForce === source
        ? `Told by ${wordsOf(source)}, as deployments of its repository are at that date.`
        : `Told by ${wordsOf(source)}; at that date those of its repository are told by ${wordsOf(inForce)}, so it does not count.`,
  ]
  if (row === undefined) {
    const isOther = !isCounted && !told.some(({ environmentName }) => environmentName === environment)
    if (isOther) about.push(`${environment} is not a production environment.`)
    if (isCounted)
      about.push('It is a part of another deployment, by the same pipeline and commit, and is counted there.')
    return about
  }
  about.push(
    `It counts as one production deployment, ${row.outcome}, of ${row.tellings} told, with ${row.changes} ${row.changes === 1 ? 'change' : 'changes'}.`,
  )
  about.push(row.failed_by === null ? 'Nothing says that it failed.' : `It failed: ${failureWords[row.failed_by]}.`)
  if (row.is_rollback) about.push('It is a rollback: its commit was in production before.')
  if (row.is_rework) about.push('It was made only to repair.')
  return about
}
