import { type RemoteKind, remoteTitles } from '../../domain/remote-kind.ts'
import { createAddressGuard } from '../../lib/address-guard.ts'
import { AppError } from '../../lib/app-error.ts'
import type { WebhookKey } from '../../store/remotes/webhooks.ts'

/** What connecting needs of the configuration. No slash at the end of any address. */
export type RemoteSettings = {
  publicUrl: string
  bitbucketApiUrl: string
  bitbucketWebUrl: string
  /** The gateway, and where people log in. */
  jiraApiUrl: string
  jiraLoginUrl: string
  allowedPrivateAddresses: readonly string[]
}

/** The page of ours that the remote sends the browser back to; it posts to `finishOAuth`. */
export function oauthCallbackUrl(settings: RemoteSettings, kind: RemoteKind): string {
  return `${settings.publicUrl}/oauth/${kind}/callback`
}

/** Where a hook's deliveries arrive. Our hooks are known at the remote by this address. */
export function webhookUrl(settings: RemoteSettings, key: WebhookKey & { kind: RemoteKind }): string {
  return `${webhookUrlPrefix(settings, key)}${key.webhookId}`
}

/** What the addresses of all our hooks of an organization begin with. */
export function webhookUrlPrefix(
  settings: RemoteSettings,
  { kind, organizationId }: Pick<WebhookKey, 'organizationId'> & { kind: RemoteKind },
): string {
  return `${settings.publicUrl}/hooks/${kind}/${organizationId}/`
}

/** What a hook is called in the remote's settings. */
export function webhookDescription(settings: RemoteSettings): string {
  return `Weir (${new URL(settings.publicUrl).host})`
}

/** Why deliveries of the host of `apiUrl` cannot arrive at our public address; null when nothing speaks against it. */
export function findUnreachable(
  settings: Pick<RemoteSettings, 'publicUrl'>,
  apiUrl: string,
  kind: RemoteKind = 'bitbucket',
): string | null {
  if (!isThisMachine(settings.publicUrl) || isThisMachine(apiUrl)) return null
  return `${remoteTitles[kind]} cannot reach ${settings.publicUrl}: it will refuse webhooks, and answers of developers arrive with the next reconciliation instead of at once. Set WEIR_PUBLIC_URL to an address that can be reached from the internet.`
}

function isThisMachine(url: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname)
}

export type RemoteAddresses = { apiUrl: string; webUrl: string }

/**
 * The host to connect to: as configured unless somebody names another. Credentials travel there, so it has to be https,
 * unless it is a private host that an administrator listed. Throws `validation_failed`.
 */
export function toRemoteAddresses(
  settings: RemoteSettings,
  given: { apiUrl?: string | undefined; webUrl?: string | undefined },
): RemoteAddresses {
  if (given.apiUrl === undefined) return { apiUrl: settings.bitbucketApiUrl, webUrl: settings.bitbucketWebUrl }
  const api = parse(settings, given.apiUrl, 'api_url')
  const path = api.pathname.replace(/\/+$/, '')
  const apiUrl = `${api.origin}${path.endsWith('/2.0') ? path : `${path}/2.0`}`
  if (given.webUrl !== undefined) {
    const web = parse(settings, given.webUrl, 'web_url')
    return { apiUrl, webUrl: `${web.origin}${web.pathname.replace(/\/+$/, '')}` }
  }
  return { apiUrl, webUrl: apiUrl === settings.bitbucketApiUrl ? settings.bitbucketWebUrl : api.origin }
}

/** The root of a Jira site as people copy it from their browser. Throws `validation_failed`. */
export function toSiteUrl(settings: RemoteSettings, text: string): string {
  return parse(settings, /^https?:\/\//i.test(text) ? text : `https://${text}`, 'site_url').origin
}

const examples = {
  api_url: 'https://api.bitbucket.org/2.0',
  web_url: 'https://bitbucket.org',
  site_url: 'https://example.atlassian.net',
} as const

function parse(settings: RemoteSettings, text: string, field: keyof typeof examples): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '')
    throw invalid(field, `write a complete address, such as ${examples[field]}.`)
  if (url.protocol === 'http:' && !isPlainAllowed(settings, url))
    throw invalid(
      field,
      'begin it with https://. Plain http would carry the credential for everybody to read; it is accepted only for private hosts listed in WEIR_ALLOWED_PRIVATE_ADDRESSES, by address range or as host:port.',
    )
  return url
}

function isPlainAllowed(settings: RemoteSettings, url: URL): boolean {
  const { bitbucketApiUrl, bitbucketWebUrl, jiraApiUrl, jiraLoginUrl } = settings
  const configured = [bitbucketApiUrl, bitbucketWebUrl, jiraApiUrl, jiraLoginUrl].map((text) => new URL(text).origin)
  return configured.includes(url.origin) || createAddressGuard(settings.allowedPrivateAddresses).isListed(url)
}

function invalid(field: string, advice: string): AppError {
  return new AppError('validation_failed', `${field}: ${advice}`, { meta: { fields: { [field]: [advice] } } })
}
