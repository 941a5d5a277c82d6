import { isAppError } from '../lib/app-error.ts'
import type { Log } from '../lib/log.ts'
import { type ConnectionData, connectionData, type JobHandler } from './handler.ts'

/** What a check finds is written on the connection; a remote that cannot be asked is one of the findings. */
export function checkConnectionJob(log: Log, check: (input: ConnectionData) => Promise<unknown>): JobHandler {
  return async (data) => {
    const input = connectionData.parse(data)
    try {
      await check(input)
    } catch (error) {
      if (!isAppError(error)) throw error
      log.warn({ ...input, code: error.code, detail: error.detail }, 'a connection could not be checked')
    }
  }
}
