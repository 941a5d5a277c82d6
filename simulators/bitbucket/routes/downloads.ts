import { needs } from '../auth/scopes.ts'
import { type Answer, actingOn, type Call, type Endpoint, listItems, repositoryOf } from '../call.ts'
import { addArtifact, contentAddress, deleteArtifact, getArtifact } from '../operations/downloads.ts'
import { renderArtifact } from '../render/administration.ts'
import { badRequest, SimulatorError } from '../simulator-error.ts'

const base = '/repositories/:workspace/:slug/downloads'

function upload(call: Call): Answer {
  const acting = actingOn(call, 'write')
  const parts = call.form()
  if (parts === undefined) throw new SimulatorError(406, 'Unsupported Content-Type. Use multipart/form-data.')
  const files = parts.filter((part) => part.name === 'files' && (part.filename ?? '') !== '')
  if (files.length === 0) throw badRequest('Bad request', { files: ['required key not provided'] })
  for (const { filename, contentType, bytes } of files) {
    // Some clients send the whole path.
    const name = (filename ?? '').split(/[/\\]/).at(-1) ?? ''
    addArtifact(call.sim, acting, { name, contentType: contentType ?? 'application/octet-stream', content: bytes })
  }
  return { status: 201 }
}

export const downloadEndpoints: Endpoint[] = [
  {
    method: 'GET',
    path: base,
    need: needs.readRepository,
    handle: (call) => {
      const repository = repositoryOf(call)
      // Newest first, as the page shows them.
      const newest = repository.artifacts.toReversed()
      return listItems(call, newest, { render: (one) => renderArtifact({ sim: call.sim, repository }, one) })
    },
  },
  { method: 'POST', path: base, need: needs.writeDownload, handle: upload },
  {
    method: 'GET',
    path: `${base}/:filename`,
    need: needs.readRepository,
    handle: (call) => {
      const repository = repositoryOf(call)
      const artifact = getArtifact(repository, call.params['filename'] ?? '')
      return { status: 302, headers: { location: contentAddress(call.sim, artifact) } }
    },
  },
  {
    method: 'DELETE',
    path: `${base}/:filename`,
    need: needs.writeDownload,
    handle: (call) => {
      const { repository } = actingOn(call, 'write')
      deleteArtifact(repository, getArtifact(repository, call.params['filename'] ?? ''))
      return { status: 204 }
    },
  },
]
