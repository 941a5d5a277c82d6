import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { routePages, routeQuery, useRoute } from './query.ts'

const stale = ['listTeams', 'getTeam'] as const

export const teamsQuery = routeQuery('listTeams', {})
export const teamQuery = (id: string) => routeQuery('getTeam', { params: { id } })
export const useCreateTeam = () => useRoute('createTeam', stale)
export const useUpdateTeam = () => useRoute('updateTeam', stale)
export const useDeleteTeam = () => useRoute('deleteTeam', ['listTeams'])
export const useAddTeamMember = () => useRoute('addTeamMember', stale)
export const useUpdateTeamMember = () => useRoute('updateTeamMember', stale)
export const useRemoveTeamMember = () => useRoute('removeTeamMember', stale)

export const repositoryNamesQuery = (text: string) =>
  queryOptions({ ...routeQuery('listRepositoryNames', { query: { text } }), placeholderData: keepPreviousData })

/** Accounts whose name holds a text, for a menu. */
export const accountMenuQuery = (text: string) =>
  queryOptions({
    ...routeQuery('listContributors', { query: { text, limit: 50 } }),
    placeholderData: keepPreviousData,
  })

const merged = ['listMergeSuggestions', 'listContributorMerges', 'listContributors'] as const

export const mergeSuggestionsQuery = routeQuery('listMergeSuggestions', {})
export const mergePages = routePages('listContributorMerges', {}, (cursor) => ({ query: { cursor, limit: 50 } }))
export const useMergeContributors = () => useRoute('mergeContributors', merged)
export const useImportMerges = () => useRoute('importContributorMerges', merged)
export const useUndoMerge = () => useRoute('undoContributorMerge', merged)
export const useUndoUpload = () => useRoute('undoMergeUpload', merged)
export const useKeepApart = () => useRoute('keepContributorsApart', ['listMergeSuggestions'])

const bots = ['listBotPatterns', 'listContributors'] as const
export const botPatternsQuery = routeQuery('listBotPatterns', {})
export const useTryBotPattern = () => useRoute('tryBotPattern')
export const useCreateBotPattern = () => useRoute('createBotPattern', bots)
export const useDeleteBotPattern = () => useRoute('deleteBotPattern', bots)

export const peopleSettingsQuery = routeQuery('getPeopleSettings', {})
export const useUpdatePeopleSettings = () => useRoute('updatePeopleSettings', ['getPeopleSettings', 'getTeam'])
