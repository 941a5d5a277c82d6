import { needs } from '../auth/scopes.ts'
import { actingOn, type Call, type Endpoint, listing, repositoryOf } from '../call.ts'
import type { CommitComment, Repository } from '../model.ts'
import {
  createCommitComment,
  deleteCommitComment,
  getCommitComment,
  updateCommitComment,
} from '../operations/commit-comments.ts'
import { queryable } from '../query/select-items.ts'
import { renderComment } from '../render/comment.ts'
import { apiRepositoryUrl } from '../render/links.ts'
import { commitOf } from './commits.ts'
import { readInline, readParentId, readRaw } from './read-comment.ts'

const base = '/repositories/:workspace/:slug/commit/:commit/comments'

function render(call: Call, repository: Repository, comment: CommitComment) {
  return renderComment({ sim: call.sim, repository }, { kind: 'commit', hash: comment.hash }, comment)
}

function location(call: Call, repository: Repository, comment: CommitComment): Record<string, string> {
  return { location: `${apiRepositoryUrl(call.sim, repository)}/commit/${comment.hash}/comments/${comment.id}` }
}

export const commitCommentEndpoints: Endpoint[] = [
  {
    method: 'GET',
    path: base,
    need: needs.readRepository,
    handle: async (call) => {
      const repository = repositoryOf(call)
      const hash = await commitOf(call, repository)
      const records = repository.commitComments
        .filter((one) => one.hash === hash)
        .map((one) => render(call, repository, one))
      return listing(call, records, { queryable: queryable.comment })
    },
  },
  {
    method: 'POST',
    path: base,
    need: needs.readRepository,
    handle: async (call) => {
      const acting = actingOn(call)
      const hash = await commitOf(call, acting.repository)
      const comment = createCommitComment(call.sim, acting, {
        hash,
        raw: readRaw(call.body),
        parentId: readParentId(call.body),
        inline: readInline(call.body),
      })
      return {
        status: 201,
        body: render(call, acting.repository, comment),
        headers: location(call, acting.repository, comment),
      }
    },
  },
  {
    method: 'GET',
    path: `${base}/:comment`,
    need: needs.readRepository,
    handle: async (call) => {
      const repository = repositoryOf(call)
      const comment = getCommitComment(repository, await commitOf(call, repository), call.params['comment'] ?? '')
      return { body: render(call, repository, comment) }
    },
  },
  {
    method: 'PUT',
    path: `${base}/:comment`,
    need: needs.readRepository,
    handle: async (call) => {
      const acting = actingOn(call)
      const { repository } = acting
      const found = getCommitComment(repository, await commitOf(call, repository), call.params['comment'] ?? '')
      const comment = updateCommitComment(call.sim, acting, { comment: found, raw: readRaw(call.body) })
      // 201, not 200: so says the specification.
      return { status: 201, body: render(call, repository, comment), headers: location(call, repository, comment) }
    },
  },
  {
    method: 'DELETE',
    path: `${base}/:comment`,
    need: needs.readRepository,
    handle: async (call) => {
      const acting = actingOn(call)
      const { repository } = acting
      deleteCommitComment(
        call.sim,
        acting,
        getCommitComment(repository, await commitOf(call, repository), call.params['comment'] ?? ''),
      )
      return { status: 204 }
    },
  },
]
