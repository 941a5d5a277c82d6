import * as contract from '../../../../contract/security/intelligence.ts'
import { AppError } from '../../../lib/app-error.ts'
import { listOrganizationIds } from '../../../store/security/intelligence.ts'
import { listIntelligence } from '../../../usecases/security/intelligence/list-intelligence.ts'
import { loadIntelligence } from '../../../usecases/security/intelligence/load-intelligence.ts'
import type { HttpContext } from '../../context.ts'
import { toActor } from '../../principal.ts'
import { readBody } from '../../request-body.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function intelligenceRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listIntelligence, async () => {
      const items = await listIntelligence(context)
      return { items, may_upload: await isAlone(context) }
    }),
    loadRoute(context),
  ]
}

/** What is loaded counts for all organizations of the installation: none of several may decide it for the others. */
async function isAlone({ db }: HttpContext): Promise<boolean> {
  return (await listOrganizationIds(db)).length === 1
}

/** None that a form of another site could send. */
const acceptedTypes = /^(application\/(octet-stream|json|gzip|x-gzip)|text\/csv)($|;)/i

function loadRoute(context: HttpContext): BoundRoute {
  return bind(
    contract.loadIntelligence,
    async ({ query: { kind, force = false }, principal, request, reply }) =>
      readBody({ request, reply }, async (bytes) => {
        if (!acceptedTypes.test(request.headers['content-type'] ?? ''))
          throw new AppError('unsupported_media_type', 'Send the file itself, as application/octet-stream.')
        if (!(await isAlone(context)))
          throw new AppError(
            'conflict',
            'This installation has several organizations, and the files count for all of them: load them on its machine, with weir intelligence load.',
          )
        const actor = { ...toActor(principal), ipAddress: request.ip }
        const outcome = await loadIntelligence(context, { kind, bytes, force, actor })
        const status = (await listIntelligence(context)).find((item) => item.kind === kind)
        if (status === undefined) throw new Error(`${kind} was loaded and is no kind.`)
        return { outcome: outcome.kind, changed: outcome.changed, status }
      }),
    { isStreamed: true },
  )
}
