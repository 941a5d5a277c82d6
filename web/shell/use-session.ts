import { useSuspenseQuery } from '@tanstack/react-query'
import type { Session } from '../../contract/access/session.ts'
import type { Permission } from '../../src/domain/permissions.ts'
import { leaveToLogin } from '../api/leave-to-login.ts'
import { sessionQuery } from '../api/session.ts'

/** The session of a page behind the login; the route made sure that there is one. */
export function useSession(): Session {
  const { data } = useSuspenseQuery(sessionQuery)
  if (data === null) {
    leaveToLogin()
    throw new Error('The session has ended. Log in again.')
  }
  return data
}

export function useMay(permission: Permission): boolean {
  return useSession().permissions.includes(permission)
}
