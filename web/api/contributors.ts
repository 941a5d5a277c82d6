import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { routePages, routeQuery, useRoute } from './query.ts'

type Filter = { readonly text?: string; readonly linked?: boolean }

export const contributorPages = (filter: Filter) =>
  routePages('listContributors', filter, (cursor) => ({ query: { ...filter, cursor, limit: 50 } }))

export const mentionableQuery = (text: string) =>
  queryOptions({ ...routeQuery('listMentionable', { query: { text } }), placeholderData: keepPreviousData })

export const addressesQuery = (id: string) => routeQuery('listContributorAddresses', { params: { id } })
const named = ['listContributorAddresses', 'listContributors', 'listContributorMerges', 'listMergeSuggestions'] as const
export const useAddAddress = () => useRoute('addContributorAddress', named)
export const useAnonymise = () => useRoute('anonymiseContributor', [...named, 'listMentionable', 'getTeam'])

export const useUpdateContributor = () =>
  useRoute('updateContributor', ['listContributors', 'listMentionable', 'listConversation'])
