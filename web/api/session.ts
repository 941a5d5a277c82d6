import { queryOptions } from '@tanstack/react-query'
import type { Session } from '../../contract/access/session.ts'
import { type ApiProblem, toProblem } from './api-problem.ts'
import { call } from './call.ts'
import { routeQuery, useRoute } from './query.ts'

/** Who is logged in, or `null` for nobody. */
export const sessionQuery = queryOptions<Session | null, ApiProblem>({
  queryKey: ['getSession'],
  queryFn: async () => {
    try {
      return await call('getSession', {})
    } catch (error) {
      const problem = toProblem(error)
      if (problem.status === 401) return null
      throw problem
    }
  },
  staleTime: 30_000,
})

export const setupQuery = routeQuery('getSetup', {})
export const useLogIn = () => useRoute('logIn')
export const useLogOut = () => useRoute('logOut')
export const useCompleteSetup = () => useRoute('completeSetup')
export const useChangePassword = () => useRoute('changePassword')
export const useAcceptInvitation = () => useRoute('acceptInvitation')
export const useWipeDemo = () => useRoute('wipeDemo')

export const invitationQuery = (token: string) => routeQuery('findInvitation', { body: { token } })
