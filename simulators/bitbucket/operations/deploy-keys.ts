import type { DeployKey } from '../model/administration.ts'
import type { Person } from '../model.ts'
import { badRequest, notFound } from '../simulator-error.ts'
import type { Sim } from '../state.ts'

const keyTypes = [
  'ssh-rsa',
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
]

interface PublicKey {
  key: string
  comment: string
}

/** Reads `type key comment`; undefined when that is no public key. */
export function parsePublicKey(text: string): PublicKey | undefined {
  const [type = '', encoded = '', ...comment] = text.trim().split(/\s+/)
  if (!keyTypes.includes(type) || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return undefined
  const bytes = Buffer.from(encoded, 'base64')
  // The key names its own type first, behind four bytes of length.
  if (bytes.length <= type.length + 4 || bytes.readUInt32BE(0) !== type.length) return undefined
  if (bytes.subarray(4, 4 + type.length).toString('latin1') !== type) return undefined
  return { key: `${type} ${encoded}`, comment: comment.join(' ') }
}

function readKey(text: string | undefined): PublicKey {
  if (text === undefined) throw badRequest('Bad request', { key: ['required key not provided'] })
  const key = parsePublicKey(text)
  if (key === undefined) throw badRequest('Bad request', { key: ['Invalid SSH key.'] })
  return key
}

interface KeyFields {
  key: string | undefined
  label: string | undefined
}

type AddedKey = { kind: 'added'; key: DeployKey } | { kind: 'taken' }

/** Adds a key to those of a repository or project, where each may stand once. */
export function addDeployKey(sim: Sim, to: { keys: DeployKey[]; actor: Person }, fields: KeyFields): AddedKey {
  const parsed = readKey(fields.key)
  if (to.keys.some(({ key }) => key === parsed.key)) return { kind: 'taken' }
  const key = {
    ...parsed,
    id: sim.newId(),
    label: fields.label ?? '',
    createdOn: sim.now(),
    createdBy: to.actor,
  }
  to.keys.push(key)
  return { kind: 'added', key }
}

export function getDeployKey(keys: readonly DeployKey[], id: string): DeployKey {
  const found = keys.find((one) => String(one.id) === id)
  if (found === undefined) throw notFound(`Deploy key ${id} not found`)
  return found
}

/** Comment and label may change; the key itself has to be the same. */
export function updateDeployKey(key: DeployKey, fields: KeyFields): void {
  const parsed = readKey(fields.key)
  if (parsed.key !== key.key) throw badRequest('Bad request', { key: ['The key cannot be changed.'] })
  key.comment = parsed.comment
  key.label = fields.label ?? key.label
}

/** Takes a key out of the list it stands in. */
export function deleteDeployKey(keys: DeployKey[], key: DeployKey): void {
  keys.splice(keys.indexOf(key), 1)
}
