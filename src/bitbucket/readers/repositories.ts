import * as z from 'zod'
import type { RequestLane } from '../../domain/request-budget.ts'
import { segment } from '../../lib/rest-client.ts'
import type { BitbucketClient } from '../client.ts'
import type { Page } from '../page.ts'

const remoteRepository = z
  .object({
    uuid: z.string(),
    slug: z.string().optional(),
    full_name: z.string(),
    name: z.string(),
    description: z.string().nullish(),
    is_private: z.boolean().optional(),
    has_issues: z.boolean().optional(),
    language: z.string().nullish(),
    updated_on: z.string().nullish(),
    mainbranch: z.object({ name: z.string() }).nullish(),
    project: z.object({ key: z.string(), name: z.string().optional() }).nullish(),
    workspace: z.object({ uuid: z.string(), slug: z.string(), name: z.string().optional() }).optional(),
    links: z.object({ html: z.object({ href: z.string() }).optional() }).optional(),
  })
  .transform((value) => ({
    uuid: value.uuid,
    slug: value.slug ?? value.full_name.split('/').at(-1) ?? value.full_name,
    fullName: value.full_name,
    name: value.name,
    description: value.description ?? '',
    isPrivate: value.is_private ?? true,
    // The flag may still be true on repositories whose tracker is gone: a hint, never a promise.
    hasIssues: value.has_issues ?? false,
    language: value.language === '' ? null : (value.language ?? null),
    updatedAt: toInstant(value.updated_on),
    mainBranch: value.mainbranch?.name ?? null,
    project: value.project?.name ?? value.project?.key ?? null,
    workspace: value.workspace ?? null,
    webUrl: value.links?.html?.href ?? null,
  }))

export type RemoteRepository = z.output<typeof remoteRepository>

/** Longest page Bitbucket gives. */
export const repositoriesPerPage = 100

/** Microseconds and offsets vary; null where it is no time. */
function toInstant(text: string | null | undefined): Date | null {
  const ms = Date.parse(text ?? '')
  return Number.isNaN(ms) ? null : new Date(ms)
}

type Listing = { workspace: string; lane: RequestLane; pageLength?: number; page?: number; search?: string }

function query({ pageLength, page, search }: Listing) {
  // BBQL has no escape for a double quote inside a string.
  const words = search?.replaceAll('"', ' ').trim()
  return {
    pagelen: pageLength ?? repositoriesPerPage,
    sort: words === undefined ? 'name' : '-updated_on',
    ...(page === undefined ? {} : { page }),
    ...(words === undefined || words === '' ? {} : { q: `name ~ "${words}"` }),
  }
}

/** One page (from 1) of a workspace's repositories, searched by name. */
export async function readRepositoryPage(client: BitbucketClient, listing: Listing): Promise<Page<RemoteRepository>> {
  const pages = listRepositoryPages(client, listing)
  const first = await pages.next()
  await pages.return(undefined)
  return first.done === true ? { values: [] } : first.value
}

/** All repositories of a workspace, page by page. */
export function listRepositoryPages(client: BitbucketClient, listing: Listing): AsyncGenerator<Page<RemoteRepository>> {
  return client.pages(`/repositories/${segment(listing.workspace)}`, {
    what: `list the repositories of ${listing.workspace}`,
    lane: listing.lane,
    schema: remoteRepository,
    query: query(listing),
  })
}

/** One repository, by slug or UUID. */
export function readRepository(
  client: BitbucketClient,
  input: { workspace: string; repository: string; lane: RequestLane },
): Promise<RemoteRepository> {
  return client.get(`/repositories/${segment(input.workspace)}/${segment(input.repository)}`, {
    what: `read the repository ${input.repository}`,
    lane: input.lane,
    schema: remoteRepository,
  })
}
