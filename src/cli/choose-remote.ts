import { readConfig } from '../config.ts'
import { AppError } from '../lib/app-error.ts'
import type { Terminal } from './command.ts'
import { readToken } from './read-token.ts'

/** What the options say of another Weir; what they leave out may stand in the environment. */
export type RemoteOptions = { url: string | undefined; token: string | undefined; tokenFile: string | undefined }

/** Another Weir and the token for it, by --url or WEIR_URL; undefined for the one of this machine. Throws `validation_failed`. */
export async function chooseRemote(
  options: RemoteOptions,
  terminal: Terminal,
): Promise<{ url: string; token: string } | undefined> {
  const config = readConfig(terminal.environment)
  const url = options.url ?? config.remoteUrl
  if (url === undefined) {
    if (options.token === undefined && options.tokenFile === undefined) return undefined
    throw new AppError('validation_failed', 'A token is for another Weir: say which, by --url or WEIR_URL.')
  }
  const choice = { option: options.token, file: options.tokenFile, configured: config.remoteToken }
  const token = await readToken(choice, terminal)
  if (isReadableOnTheWay(url))
    terminal.complain(`${url} is plain http: the token can be read on the way. Use https, or Weir on the same machine.`)
  return { url, token }
}

/** Plain http to another machine. */
function isReadableOnTheWay(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname } = new URL(address)
  return protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}
