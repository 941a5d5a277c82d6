import type { LookupAddress } from 'node:dns'
import type { AddressGuard } from '../lib/address-guard.ts'
import { AppError, isAppError } from '../lib/app-error.ts'

/**
 * The address git may connect to, as libcurl takes it (`host:port:address,address`), after the same check as every other
 * outgoing request has; undefined for hosts an administrator listed by name. Throws `address_refused` or `remote_unavailable`.
 * https://git-scm.com/docs/git-config#Documentation/git-config.txt-httpcurloptResolve
 */
export async function pinAddress(guard: AddressGuard, url: URL): Promise<string | undefined> {
  guard.check(url)
  if (guard.isTrusted(url)) return undefined
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // curl wants no entry for what is an address already; `check` has judged it.
  if (/^[\d.]+$|:/.test(host)) return undefined
  const addresses = await lookUp(guard, host)
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  const list = addresses.map(({ address, family }) => (family === 6 ? `[${address}]` : address))
  return `${host}:${port}:${list.join(',')}`
}

function lookUp(guard: AddressGuard, host: string): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    guard.lookup(host, { all: true }, (error, found) => {
      if (error !== null) reject(isAppError(error) ? error : unreachable(host))
      else resolve(Array.isArray(found) ? found : [{ address: found, family: 4 }])
    })
  })
}

function unreachable(host: string): AppError {
  return new AppError('remote_unavailable', `${host} cannot be found.`)
}
