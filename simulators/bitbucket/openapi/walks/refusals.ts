import type { Endpoint } from '../../call.ts'
import type { Mode } from '../../model.ts'
import { endpoints } from '../../routes/endpoints.ts'
import { trackerRemainders } from '../../routes/issue-tracker.ts'
import type { Step, Walk } from '../walk.ts'

const repository = '/repositories/:workspace/:slug'

/** Listings that show anybody what is public. */
const openToAll = ['GET /repositories', 'GET /snippets']

/** These make the repository that is not there. */
const makesOne = [`POST ${repository}`, `PUT ${repository}`]

/** What the tracker answers to other methods is no operation; the checks came after the older document. */
function notInLegacy(endpoint: Endpoint): boolean {
  return trackerRemainders.includes(endpoint) || endpoint.path.endsWith('/mergeability/checks')
}

function refusals(endpoint: Endpoint, mode: Mode): Step[] {
  const { method, path, need, goneWith } = endpoint
  const name = `${method} ${path}`
  if (goneWith !== undefined && mode === '2026') return [{ method, path, status: 410 }]
  const badToken: Step = { method, path, token: 'no-such-token', status: 401 }
  if (need === undefined) return [badToken]
  const steps: Step[] = [badToken, { method, path, scopes: ['read:runner:bitbucket'], status: 403 }]
  if (!openToAll.includes(name)) steps.push({ method, path, as: null, status: 401 })
  if (path.startsWith(repository) && !makesOne.includes(name))
    steps.push(
      { method, path, with: { slug: 'no-such-repository' }, status: 404 },
      { method, path, as: 'piet-oosten', status: 403 },
    )
  else if (/^\/(workspaces|repositories|snippets)\/:workspace/.test(path))
    steps.push({ method, path, with: { workspace: 'no-such-workspace' }, status: 404 })
  return steps
}

/** Something for every parameter: a refusal comes before anybody looks at it. */
function anyValues(): Record<string, string> {
  const names = endpoints.flatMap(({ path }) => [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name))
  return { ...Object.fromEntries(names.map((name) => [name, '1'])), '*': '1' }
}

/** What every operation answers to nobody, to a token without its scopes, to strangers, and of what is not there. */
export function refusalWalk(mode: Mode): Walk {
  return {
    name: `whoever may not, in mode ${mode}`,
    mode,
    values: () => ({ ...anyValues(), workspace: 'meadow-goods', slug: 'ledger-core' }),
    steps: endpoints
      .filter((endpoint) => mode === '2026' || !notInLegacy(endpoint))
      .flatMap((endpoint) => refusals(endpoint, mode)),
  }
}
