import { once } from 'node:events'
import { createServer } from 'node:net'
import { AppError } from './lib/app-error.ts'

type Place = { host: string; port: number }

/** Throws `unavailable` when the port cannot be listened on. Asked before anything is made; 0 is always free. */
export async function requireFreePort({ host, port }: Place): Promise<void> {
  if (port === 0) return
  const probe = createServer()
  try {
    probe.listen({ host, port, exclusive: true })
    await once(probe, 'listening')
  } catch (error) {
    throw toListenError(error, { host, port })
  }
  probe.close()
  await once(probe, 'close')
}

/** The sentence for an address that cannot be listened on; every other error as it is. */
export function toListenError(error: unknown, { host, port }: Place): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE')
    return new AppError('unavailable', `Port ${port} of ${host} is in use. Stop what uses it, or set WEIR_PORT.`)
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new AppError(
      'unavailable',
      `Weir cannot listen on ${host} port ${port} (${code}). Set WEIR_HOST and WEIR_PORT.`,
    )
  return error
}
