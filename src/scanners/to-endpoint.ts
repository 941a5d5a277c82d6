import type { Endpoint } from '../domain/finding-identity.ts'

const defaultPorts: ReadonlyMap<string, string> = new Map([
  ['http', '80'],
  ['https', '443'],
  ['ws', '80'],
  ['wss', '443'],
])

/**
 * Where a running application was found weak. `address` is a URL, or what stands for one where there is none (a host name,
 * host and port). The query, the fragment and sessions in the path are left out: they are another at the next scan.
 */
export function toEndpoint(address: string, { method = '', parameter = '' } = {}): Endpoint {
  const [, scheme = '', authority = '', rest = ''] = /^([a-z][a-z0-9+.-]{0,20}):\/\/([^/?#\\\s]*)(.*)$/is.exec(
    address.trim(),
  ) ?? ['', '', ...splitBare(address.trim())]
  const path = (rest.split(/[?#]/, 1)[0] ?? '')
    .replace(/;(?:jsessionid|phpsessid|sid)=[^/;]*/gi, '')
    .replace(/\/{2,}/g, '/')
  return {
    origin: clip(toOrigin(scheme.toLowerCase(), authority)),
    method: clip(method.trim().toUpperCase()),
    path: clip(path === '' && scheme !== '' ? '/' : path),
    parameter: clip(parameter.trim()),
  }
}

/** Of what has no scheme: host (and port), and the path behind it. */
function splitBare(address: string): [string, string] {
  const at = address.search(/[/?#]/)
  return at === -1 ? [address, ''] : [address.slice(0, at), address.slice(at)]
}

function toOrigin(scheme: string, authority: string): string {
  // A name and password in front of the host are nobody's business.
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase()
  if (scheme === '' || host === '') return host
  const port = /:\d{1,5}$/.test(host) ? '' : defaultPorts.get(scheme)
  return `${scheme}://${host}${port === undefined || port === '' ? '' : `:${port}`}`
}

/** What PostgreSQL takes, and no longer than an address is. */
function clip(text: string): string {
  return text.slice(0, 1000).replaceAll('\0', '\uFFFD').toWellFormed()
}
