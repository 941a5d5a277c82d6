import { readCloudId } from '../../jira/readers/cloud-id.ts'
import { AppError, isAppError } from '../../lib/app-error.ts'
import type { HttpClient } from '../../lib/http-client.ts'
import type { JiraSite } from './judge-jira-token.ts'
import { type RemoteSettings, toSiteUrl } from './remote-settings.ts'

/** The Jira Cloud site at an address somebody typed, with or without https:// and a path. Throws `validation_failed`. */
export async function findJiraSite(
  { http, settings }: { http: HttpClient; settings: RemoteSettings },
  address: string,
): Promise<JiraSite> {
  const webUrl = toSiteUrl(settings, address)
  const cloudId = await readCloudId(http, webUrl).catch((error: unknown) => {
    if (isAppError(error, 'remote_unavailable') || isAppError(error, 'address_refused'))
      throw noSite(webUrl, error.detail)
    throw error
  })
  if (cloudId === undefined)
    throw noSite(webUrl, 'What answers there is no site of Jira Cloud (Data Center is not supported).')
  return { cloudId, webUrl, name: siteName(webUrl) }
}

/** Sites have no title of their own: people know them by what stands before .atlassian.net. */
function siteName(webUrl: string): string {
  return new URL(webUrl).host.replace(/\.atlassian\.net$/, '')
}

function noSite(webUrl: string, why: string): AppError {
  return new AppError(
    'validation_failed',
    `There is no Jira site at ${webUrl}. ${why} Write the address as in your browser, such as https://example.atlassian.net.`,
    { meta: { fields: { site_url: ['is not the address of a Jira Cloud site'] } } },
  )
}
