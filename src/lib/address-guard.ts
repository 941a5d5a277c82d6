import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { AppError } from './app-error.ts'

/** Finds all addresses of a host name; with an error there are none, as from Node's own lookup. */
export type Resolve = (
  hostname: string,
  done: (error: NodeJS.ErrnoException | null, addresses?: LookupAddress[]) => void,
) => void

/** Decides what Weir may connect to: public addresses, and the private ones an administrator listed. */
export type AddressGuard = {
  /** Throws `address_refused` for another scheme than http(s), credentials in the address, or a refused literal address. */
  check: (url: URL) => void
  /** Whether the address's host and port were listed by name, so that whatever they resolve to is fine. */
  isTrusted: (url: URL) => boolean
  /** Whether an administrator listed this very address: by host and port, or as a private IP address. Names are not resolved. */
  isListed: (url: URL) => boolean
  /** For sockets: resolves, refuses the host when one of its addresses is refused, and hands on exactly what was checked. */
  lookup: LookupFunction
}

/** `allowed` holds CIDR ranges (`10.0.0.0/8`), single addresses and `host:port` pairs. Throws a plain Error for anything else. */
export function createAddressGuard(allowed: readonly string[], resolve: Resolve = resolveAll): AddressGuard {
  const trusted = new Set<string>()
  const ranges: [ipaddr.IPv4 | ipaddr.IPv6, number][] = []
  for (const entry of allowed) {
    const parsed = parseAllowedAddress(entry)
    if (parsed === undefined) throw new Error(`"${entry}" is neither an address range nor host:port.`)
    if (parsed.kind === 'host') trusted.add(parsed.hostPort)
    else ranges.push(parsed.range)
  }
  const isOpen = (text: string): boolean => isPublicAddress(text) || isWithin(text, ranges)
  const isTrusted = (url: URL): boolean => trusted.has(hostPort(url))
  const isListed = (url: URL): boolean => {
    const literal = literalAddress(url.hostname)
    return isTrusted(url) || (literal !== undefined && !isPublicAddress(literal) && isWithin(literal, ranges))
  }
  return {
    isTrusted,
    isListed,
    check: (url) => {
      if (url.protocol !== 'https:' && url.protocol !== 'http:')
        throw new AppError('address_refused', 'Only http:// and https:// addresses are possible.')
      if (url.username !== '' || url.password !== '')
        throw new AppError('address_refused', 'Write the address without a user name or password in it.')
      const literal = literalAddress(url.hostname)
      if (literal !== undefined && !isTrusted(url) && !isOpen(literal)) throw refused(url.hostname)
    },
    lookup: (hostname, options, done) => {
      resolve(hostname, (error, addresses = []) => {
        const [first] = addresses
        if (error !== null || first === undefined) return done(error ?? noAddress(hostname), '', 0)
        if (!addresses.every((found) => isOpen(found.address))) return done(refused(hostname), '', 0)
        return options.all === true ? done(null, addresses) : done(null, first.address, first.family)
      })
    },
  }
}

/** An entry of the allow list, or undefined when it is none. */
export function parseAllowedAddress(
  entry: string,
): { kind: 'range'; range: [ipaddr.IPv4 | ipaddr.IPv6, number] } | { kind: 'host'; hostPort: string } | undefined {
  if (ipaddr.isValidCIDR(entry)) return { kind: 'range', range: ipaddr.parseCIDR(entry) }
  if (ipaddr.IPv6.isValid(entry) || ipaddr.IPv4.isValidFourPartDecimal(entry)) {
    const address = ipaddr.parse(entry)
    return { kind: 'range', range: [address, address.kind() === 'ipv4' ? 32 : 128] }
  }
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+):(\d{1,5})$/i.exec(entry)
  if (match === null || Number(match[2]) > 65_535 || Number(match[2]) === 0) return undefined
  return { kind: 'host', hostPort: entry.toLowerCase() }
}

/** Whether an IP address is one of the open internet: nothing private, local, reserved, multicast, nor a form that wraps an IPv4 address. */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.parse(text)
  if (address.range() !== 'unicast') return false
  // Global unicast is 2000::/3 alone (RFC 4291 and IANA's registry); elsewhere lie IPv4-compatible and other old forms.
  return address.kind() === 'ipv4' || address.match(ipaddr.parseCIDR('2000::/3'))
}

function isWithin(text: string, ranges: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][]): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.parse(text)
  return ranges.some((range) => range[0].kind() === address.kind() && address.match(range))
}

function literalAddress(hostname: string): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return ipaddr.isValid(bare) ? bare : undefined
}

function hostPort(url: URL): string {
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  return `${url.hostname.replace(/\.$/, '').toLowerCase()}:${port}`
}

function resolveAll(hostname: string, done: Parameters<Resolve>[1]): void {
  systemLookup(hostname, { all: true }, done)
}

function refused(hostname: string): AppError {
  return new AppError(
    'address_refused',
    `${hostname} is a private or reserved address. An administrator can open it with WEIR_ALLOWED_PRIVATE_ADDRESSES.`,
  )
}

function noAddress(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' })
}
