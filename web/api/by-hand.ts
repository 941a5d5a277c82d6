import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { EvidenceFile } from '../../contract/security/evidence-files.ts'
import { type ApiProblem, parseProblem, toProblem, unreachable } from './api-problem.ts'
import { toRequest } from './call.ts'
import { leaveToLogin } from './leave-to-login.ts'
import { routeQuery, useRoute } from './query.ts'

export const useCreateVulnerability = () => useRoute('createVulnerability', ['listVulnerabilities', 'getOverview'])

export const templatesQuery = routeQuery('listVulnerabilityTemplates', { query: { limit: 200 } })
const templates = ['listVulnerabilityTemplates'] as const
export const useCreateTemplate = () => useRoute('createVulnerabilityTemplate', templates)
export const useUpdateTemplate = () => useRoute('updateVulnerabilityTemplate', templates)
export const useDeleteTemplate = () => useRoute('deleteVulnerabilityTemplate', templates)
export const useAddStarterTemplates = () => useRoute('addStarterTemplates', templates)

/** Assets whose name or key holds `q`, for a menu. */
export const assetMenuQuery = (q: string) => routeQuery('listAssets', { query: { q, limit: 50 } })

export const evidenceFilesQuery = (id: string) => routeQuery('listEvidenceFiles', { params: { id } })
export const evidenceUseQuery = routeQuery('getEvidenceUse', {})
export const useRemoveEvidenceFile = () =>
  useRoute('removeEvidenceFile', ['listEvidenceFiles', 'listVulnerabilityEvents'])

/** Address of the bytes of a file: an image is drawn, everything else downloaded. */
export function evidenceFileUrl(id: string): string {
  return toRequest('getEvidenceFile', { params: { id } }).url
}

type Upload = { readonly vulnerabilityId: string; readonly file: File }

async function uploadEvidenceFile({ vulnerabilityId, file }: Upload): Promise<EvidenceFile> {
  const { method, url } = toRequest('addEvidenceFile', { params: { id: vulnerabilityId }, query: { name: file.name } })
  const headers = {
    accept: 'application/json',
    'content-type': 'application/octet-stream',
    'idempotency-key': crypto.randomUUID(),
  }
  const response = await fetch(url, { method, headers, body: file }).catch(() => {
    throw unreachable()
  })
  if (response.ok) return response.json()
  if (response.status === 401) leaveToLogin()
  throw parseProblem(response.status, await response.text())
}

/** Adds files one after the other; what was added stays when a later one is refused. */
export function useAddEvidenceFiles(vulnerabilityId: string) {
  const client = useQueryClient()
  return useMutation<EvidenceFile[], ApiProblem, readonly File[]>({
    mutationFn: async (files) => {
      const added: EvidenceFile[] = []
      try {
        for (const file of files) added.push(await uploadEvidenceFile({ vulnerabilityId, file }))
      } catch (error) {
        throw toProblem(error)
      }
      return added
    },
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: ['listEvidenceFiles'] })
      await client.invalidateQueries({ queryKey: ['listVulnerabilityEvents'] })
    },
  })
}
