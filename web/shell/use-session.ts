import { useSuspenseQuery } from '@tanstack/react-query'
import { use } from 'react'
import type { Session } from '../../contract/access/session.ts'
import type { Permission } from '../../src/domain/permissions.ts'
import { leaveToLogin } from '../api/leave-to-login.ts'
import { sessionQuery } from '../api/session.ts'

/** Never comes: what needs a session waits, rather than failing, until the browser has left for the login. */
const leaving = new Promise<never>(() => undefined)

/** The session of a page behind the login; the route made sure that there is one. */
export function useSession(): Session {
  const { data } = useSuspenseQuery(sessionQuery)
  if (data === null) {
    leaveToLogin()
    return use(leaving)
  }
  return data
}

export function useMay(permission: Permission): boolean {
  return useSession().permissions.includes(permission)
}
