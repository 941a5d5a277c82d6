import { randomUUID } from 'node:crypto'
import type * as z from 'zod'
import type { RequestBudget, RequestLane } from '../domain/request-budget.ts'
import type { Clock } from '../lib/clock.ts'
import type { HttpClient } from '../lib/http-client.ts'
import { type FileContent, multipartOf } from '../lib/multipart.ts'
import {
  type CallOptions,
  createRestClient,
  type ReadCall,
  type RestOutcome,
  type TakeBytes,
  type WriteCall,
} from '../lib/rest-client.ts'
import { type JiraCredential, toAuthorization } from './credential.ts'
import { isLoginFailed, toJiraError } from './to-jira-error.ts'

type Read<Schema extends z.ZodType> = ReadCall<RequestLane, Schema>
type Write<Schema extends z.ZodType> = WriteCall<RequestLane, Schema>
type Silent = CallOptions<RequestLane> & { body?: unknown }

/**
 * Jira Cloud's REST API v3 for one credential (https://developer.atlassian.com/cloud/jira/platform/rest/v3/). Paths are
 * relative to the root of the site or of the gateway (`/rest/api/3/issue/{id}`) and already encoded. Every call throws
 * AppError of the remote_* family, `scope_missing` or `address_refused`.
 */
export type JiraClient = {
  get: <Schema extends z.ZodType>(path: string, call: Read<Schema>) => Promise<z.output<Schema>>
  post: <Schema extends z.ZodType>(path: string, call: Write<Schema>) => Promise<z.output<Schema>>
  put: <Schema extends z.ZodType>(path: string, call: Write<Schema>) => Promise<z.output<Schema>>
  /** Resolves on any success; Jira answers many writes with 204. */
  write: (method: 'POST' | 'PUT', path: string, call: Silent) => Promise<void>
  delete: (path: string, call: CallOptions<RequestLane>) => Promise<void>
  /** Sends a file as a form; Jira wants a word that no page of another site says along. */
  upload: <Schema extends z.ZodType>(path: string, file: FileContent, call: Read<Schema>) => Promise<z.output<Schema>>
  /** Hands on the bytes of a file. */
  download: (path: string, call: CallOptions<RequestLane>, take: TakeBytes) => Promise<void>
}

export type JiraClientOptions = {
  http: HttpClient
  /** `https://{site}.atlassian.net`, or `https://api.atlassian.com/ex/jira/{cloudId}` for OAuth and tokens with scopes. */
  apiUrl: string
  credential: JiraCredential
  budget: RequestBudget
  clock: Clock
  renew?: (() => Promise<JiraCredential | undefined>) | undefined
  onOutcome?: ((outcome: RestOutcome) => Promise<void>) | undefined
}

/** A client that counts every request in the budget of its connection. */
export function createJiraClient({ clock, ...rest }: JiraClientOptions): JiraClient {
  const { urlOf, send, call, download } = createRestClient<JiraCredential, RequestLane>({
    ...rest,
    remote: 'Jira',
    authorize: toAuthorization,
    toError: (answer, what) => toJiraError(answer, what, clock()),
    // A good answer for nobody is a bad one for us: an empty list would be taken for the truth.
    onAnswer: (answer) => {
      if (isLoginFailed(answer)) throw toJiraError(answer, 'answer', clock())
    },
  })
  return {
    get: async (path, read) => call({ method: 'GET', url: urlOf(path, read.query), call: read }, read.schema),
    post: async (path, write) =>
      call({ method: 'POST', url: urlOf(path, write.query), call: write, body: write.body }, write.schema),
    put: async (path, write) =>
      call({ method: 'PUT', url: urlOf(path, write.query), call: write, body: write.body }, write.schema),
    write: async (method, path, { body, ...asked }) => {
      await send({ method, url: urlOf(path, asked.query), call: asked, ...(body === undefined ? {} : { body }) })
    },
    delete: async (path, asked) => {
      await send({ method: 'DELETE', url: urlOf(path, asked.query), call: asked })
    },
    upload: async (path, file, asked) => {
      const streamed = multipartOf(file, { field: 'file', boundary: `weir${randomUUID()}` })
      // https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-attachments/
      const headers = { 'x-atlassian-token': 'no-check' }
      const url = urlOf(path, asked.query)
      return call({ method: 'POST', url, call: asked, streamed, headers }, asked.schema)
    },
    download: (path, asked, take) => download({ url: urlOf(path, asked.query), call: asked, take }),
  }
}
