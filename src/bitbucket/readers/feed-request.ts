import type { Query } from '../../lib/rest-client.ts'

/** The first page of a listing: path below the API's root, and what is asked of it. */
export type FeedRequest = { path: string; what: string; query: Query }
