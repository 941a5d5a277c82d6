import { type JsonObject, stringAt } from '../../shared/json.ts'
import { type Need, needs } from '../auth/scopes.ts'
import { type Answer, actingOn, type Call, type Endpoint, listItems } from '../call.ts'
import type { DeployKey } from '../model/administration.ts'
import type { Person } from '../model.ts'
import { addDeployKey, deleteDeployKey, getDeployKey, updateDeployKey } from '../operations/deploy-keys.ts'
import { renderDeployKey, renderProjectDeployKey } from '../render/administration.ts'
import { badRequest } from '../simulator-error.ts'
import { reachProject } from './reach-project.ts'

interface Owner {
  keys: DeployKey[]
  actor: Person
  render: (key: DeployKey) => JsonObject
  /** The answer to a key that is there already. */
  refuseSecond: () => Answer
}

function fieldsOf(call: Call) {
  return { key: stringAt(call.body, 'key'), label: stringAt(call.body, 'label') }
}

function keyOf(call: Call, owner: Owner): DeployKey {
  return getDeployKey(owner.keys, call.params['id'] ?? '')
}

function add(call: Call, owner: Owner): Answer {
  const added = addDeployKey(call.sim, owner, fieldsOf(call))
  return added.kind === 'taken' ? owner.refuseSecond() : { body: owner.render(added.key) }
}

interface Place {
  base: string
  needs: { read: Need; write: Need; remove: Need }
  ownerOf: (call: Call) => Owner
}

function keyEndpoints({ base, needs: need, ownerOf }: Place): Endpoint[] {
  return [
    {
      method: 'GET',
      path: base,
      need: need.read,
      handle: (call) => {
        const { keys, render } = ownerOf(call)
        return listItems(call, keys, { render })
      },
    },
    {
      method: 'POST',
      path: base,
      need: need.write,
      handle: (call) => add(call, ownerOf(call)),
    },
    {
      method: 'GET',
      path: `${base}/:id`,
      need: need.read,
      handle: (call) => {
        const owner = ownerOf(call)
        return { body: owner.render(keyOf(call, owner)) }
      },
    },
    {
      method: 'DELETE',
      path: `${base}/:id`,
      need: need.remove,
      handle: (call) => {
        const owner = ownerOf(call)
        deleteDeployKey(owner.keys, keyOf(call, owner))
        return { status: 204 }
      },
    },
  ]
}

const onRepository: Place = {
  base: '/repositories/:workspace/:slug/deploy-keys',
  needs: { read: needs.readDeployKey, write: needs.writeDeployKey, remove: needs.deleteDeployKey },
  ownerOf: (call) => {
    const { repository, actor } = actingOn(call, 'admin')
    return {
      keys: repository.deployKeys,
      actor,
      render: (key) => renderDeployKey(call.sim, repository, key),
      // Not in the envelope of other errors: so the remote was recorded.
      refuseSecond: () => ({
        status: 400,
        body: { key: [{ message: 'Someone has already added that access key to this repository.' }] },
      }),
    }
  },
}

const onProject: Place = {
  base: '/workspaces/:workspace/projects/:key/deploy-keys',
  needs: {
    read: needs.readProjectDeployKey,
    write: needs.writeProjectDeployKey,
    remove: needs.deleteProjectDeployKey,
  },
  ownerOf: (call) => {
    const on = reachProject(call, 'admin')
    return {
      keys: on.project.deployKeys,
      actor: on.actor,
      render: (key) => renderProjectDeployKey(call.sim, on, key),
      refuseSecond: () => {
        throw badRequest('Bad request', { key: ['Someone has already added that access key to this project.'] })
      },
    }
  },
}

export const deployKeyEndpoints: Endpoint[] = [
  ...keyEndpoints(onRepository),
  {
    method: 'PUT',
    path: `${onRepository.base}/:id`,
    need: needs.writeDeployKey,
    handle: (call) => {
      const owner = onRepository.ownerOf(call)
      const key = keyOf(call, owner)
      updateDeployKey(key, fieldsOf(call))
      return { body: owner.render(key) }
    },
  },
  ...keyEndpoints(onProject),
]
