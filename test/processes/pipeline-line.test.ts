import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { newId } from '../../src/lib/ids.ts'
import { pushExample } from '../../web/pages/delivery/deployment-settings/push-example.ts'
import { createTestApp, setUp, type TestApp } from '../app.ts'
import { fillDeliveryPlace } from '../delivery-facts.ts'

// The lines people copy, run by a shell as Pipelines runs them, with its variables set, against a Weir that listens.
const guide = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'user-guide.md'), 'utf8')
const hasCurl = await canRun('curl')
const run = promisify(execFile)
const made = z.object({ token: z.string() })

let weir: TestApp
let token: string
let narrowToken: string
beforeAll(async () => {
  weir = await createTestApp()
  const admin = await setUp(weir)
  const { organization_id: organizationId } = await weir.database.db
    .selectFrom('organization')
    .select('organization_id')
    .executeTakeFirstOrThrow()
  await fillDeliveryPlace(weir.database.db, {
    organizationId,
    connectionId: newId(),
    repositories: [{ id: newId(), slug: 'storefront-api' }],
    people: [{ id: newId(), name: 'Ada Quill' }],
  })
  const make = async (scope: string): Promise<string> => {
    const json = { name: scope, scopes: [scope], expires_in_days: 1 }
    return made.parse((await admin.send('POST', '/api/v1/api-tokens', { json })).body).token
  }
  token = await make('import')
  narrowToken = await make('read')
})
afterAll(() => weir.close())
beforeEach(() => weir.database.db.deleteFrom('deployment').execute())

async function canRun(program: string): Promise<boolean> {
  return new Promise((done) => execFile(program, ['--version'], (error) => done(error === null)))
}

/** The command of the first `- >-` behind a word, folded as YAML folds it: lines of the same depth, joined by spaces. */
function commandOf(text: string, behind: string): string {
  const lines = text.slice(text.indexOf(behind)).split('\n')
  const begin = lines.findIndex((line) => line.trim() === '- >-')
  const depth = /^ */.exec(lines[begin + 1] ?? '')?.[0].length ?? 0
  const end = lines.findIndex((line, at) => at > begin && (/^ */.exec(line)?.[0].length ?? 0) < depth)
  return lines
    .slice(begin + 1, end === -1 ? undefined : end)
    .map((line) => line.trim())
    .join(' ')
}

type Step = { token?: string; exitCode?: string; build?: string }

/** A step's shell knows what Pipelines sets, the repository's own variables, and nothing else of this machine. */
async function runStep(command: string, shell: string, { exitCode = '0', build = '41', ...more }: Step = {}) {
  const env = {
    PATH: process.env['PATH'] ?? '',
    CI: 'true',
    BITBUCKET_BUILD_NUMBER: build,
    BITBUCKET_COMMIT: 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678',
    BITBUCKET_BRANCH: 'main',
    BITBUCKET_WORKSPACE: 'meadow-goods',
    BITBUCKET_REPO_SLUG: 'storefront-api',
    BITBUCKET_REPO_FULL_NAME: 'meadow-goods/storefront-api',
    BITBUCKET_DEPLOYMENT_ENVIRONMENT: 'production',
    BITBUCKET_EXIT_CODE: exitCode,
    WEIR_URL: weir.url,
    WEIR_TOKEN: more.token ?? token,
  }
  return run(shell, ['-e', '-c', command], { env }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    (error: { code: number; stdout: string }) => ({ code: error.code, stdout: error.stdout }),
  )
}

const deployments = () =>
  weir.database.db
    .selectFrom('deployment as d')
    .innerJoin('environment as e', 'e.id', 'd.environment_id')
    .select(['d.remote_key', 'd.commit', 'd.state', 'd.source', 'e.name', 'e.remote_kind'])
    .execute()

const lines = [
  { where: 'the user guide', command: () => commandOf(guide, '**Deployments that Bitbucket does not know**') },
  { where: 'the page of deployment sources', command: () => commandOf(pushExample(weir.url), 'after-script') },
]

// Where there is no curl there is nothing to run; the words are compared all the same.
describe.each(hasCurl ? lines : [])('the line of $where', ({ command }) => {
  it.each(['sh', 'bash'])('tells of a deployment, once however often the step runs, in %s', async (shell) => {
    for (const _ of [1, 2]) {
      const { code, stdout } = await runStep(command(), shell)
      expect([code, JSON.parse(stdout)]).toMatchObject([0, { repository: { name: 'storefront-api' } }])
    }
    expect(await deployments()).toEqual([
      {
        remote_key: expect.stringContaining('41'),
        commit: 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678',
        state: 'successful',
        source: 'push',
        name: 'Production',
        remote_kind: 'production',
      },
    ])
    await runStep(command(), shell, { build: '42' })
    expect(await deployments()).toHaveLength(2)
  })

  it('tells of one that failed, and of the same one when it is run again and succeeds', async () => {
    await runStep(command(), 'sh', { exitCode: '137' })
    expect(await deployments()).toMatchObject([{ state: 'failed' }])
    await runStep(command(), 'sh')
    expect(await deployments()).toMatchObject([{ state: 'successful' }])
  })

  it('fails with the reason in the log where the token may not', async () => {
    for (const wrong of [narrowToken, 'weir_nobody']) {
      const { code, stdout } = await runStep(command(), 'sh', { token: wrong })
      expect(code).not.toBe(0)
      expect(JSON.parse(stdout)).toMatchObject({ status: wrong === narrowToken ? 403 : 401 })
    }
    expect(await deployments()).toEqual([])
  })
})

it('is the same in the guide as on the page', () => {
  expect(commandOf(guide, '**Deployments that Bitbucket does not know**')).toBe(
    commandOf(pushExample('$WEIR_URL'), 'after-script'),
  )
})
