import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { html } from '../../shared/html.ts'
import { paramsOf } from '../../shared/read-request.ts'
import { findWorkspace } from '../auth/permission.ts'
import { avatarHash, initials } from '../render/account.ts'
import type { Sim } from '../state.ts'

type Params = Record<string, string>

/** Whose picture it is; undefined when there is nobody and nothing of that name. */
type Find = (sim: Sim, params: Params) => string | undefined

const workspaceName: Find = (sim, { workspace = '' }) => findWorkspace(sim, workspace)?.name

/** The addresses the answers of the API link to. */
const pictures: [path: string, find: Find][] = [
  ['/account/avatar/:hash/:file', (sim, { hash }) => sim.people.find((one) => avatarHash(one) === hash)?.displayName],
  ['/account/:workspace/avatar', workspaceName],
  ['/workspaces/:workspace/avatar', workspaceName],
  [
    '/:workspace(^[^.]+$)/workspace/projects/:key/avatar/:size',
    (sim, { workspace = '', key }) => findWorkspace(sim, workspace)?.projects.find((one) => one.key === key)?.name,
  ],
  ['/ravatar/:repository', (sim, { repository }) => sim.repositories.find((one) => one.uuid === repository)?.name],
]

/** A square with initials, of a colour that goes by the name. */
function draw(name: string): string {
  const hue = Number.parseInt(createHash('md5').update(name).digest('hex').slice(0, 4), 16) % 360
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32" viewBox="0 0 32 32"><title>${name}</title>
<rect width="32" height="32" rx="4" fill="hsl(${hue} 45% 40%)"/><text x="16" y="21" text-anchor="middle" font-family="sans-serif" font-size="13"
fill="#fff">${initials(name)}</text></svg>
`.markup
}

/** Pictures are open to everybody, as the real ones are: whoever has the address may show it. */
export function registerAvatars(app: FastifyInstance, sim: Sim): void {
  for (const [path, find] of pictures) {
    app.get(path, async (request, reply) => {
      const name = find(sim, paramsOf(request))
      if (name === undefined) return reply.callNotFound()
      void reply.headers({ 'content-security-policy': "default-src 'none'", 'x-content-type-options': 'nosniff' })
      return await reply.type('image/svg+xml').send(draw(name))
    })
  }
}
