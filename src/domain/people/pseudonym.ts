import { createHash } from 'node:crypto'

const shortest = 4

/**
 * The name an anonymised account is shown by, such as `Contributor 7f3a`: made of its id, so that it stays the same, and
 * longer where `isTaken` says that another has the short one.
 */
export function makePseudonym(id: string, isTaken: (name: string) => boolean): string {
  const digest = createHash('sha256').update(id).digest('hex')
  let name = ''
  for (let length = shortest; length <= digest.length; length += 1) {
    name = `Contributor ${digest.slice(0, length)}`
    if (!isTaken(name)) return name
  }
  return name
}

/** What is kept of an address whose owner was anonymised: it finds the same address again, and cannot be read. */
export function digestAddress(address: string, organizationId: string): string {
  return `sha256:${createHash('sha256').update(`${organizationId} ${address.toLowerCase()}`).digest('hex')}`
}
