import { at } from '../../shared/json.ts'
import { type Explanation, newer } from '../openapi/recordings.ts'

export const payloadFolder = new URL('../../../../shared/real/bitbucket/webhooks/', import.meta.url)

/** A recorded payload, and which of ours is like it. */
interface RecordedPayload {
  file: string
  event: string
  /** Picks one of several of the same event. */
  when?: (body: unknown) => boolean
  explained: Explanation[]
}

function firstChange(body: unknown): unknown {
  const changes = at(body, 'push', 'changes')
  return Array.isArray(changes) ? changes[0] : undefined
}

function made(type: string) {
  return (body: unknown) => at(firstChange(body), 'old') === null && at(firstChange(body), 'new', 'type') === type
}

function deleted(type: string) {
  return (body: unknown) => at(firstChange(body), 'new') === null && at(firstChange(body), 'old', 'type') === type
}

const moved = (body: unknown) =>
  at(firstChange(body), 'old', 'type') === 'branch' &&
  at(firstChange(body), 'new', 'type') === 'branch' &&
  !forced(body)
const forced = (body: unknown) => at(firstChange(body), 'forced') === true

/** True of every recording. */
export const generally: Explanation[] = [
  ...newer,
  [
    /^repository\.owner\.((nickname|account_id): missing|username: not recorded|links\.self\.href: )/,
    'the repository of most recordings belongs to a person, ours to a workspace',
  ],
  [/^repository\.parent: not recorded$/, 'said of every repository in newer recordings'],
]

const teams: Explanation = [/\.(workspace|project|parent): not recorded$/, 'teams became workspaces']

const oldPush: Explanation[] = [
  [/\.username: missing$/, 'user names went in 2019'],
  [/\.(author\.type|committer|summary|rendered|properties): not recorded$/, 'newer fields of commits'],
  [/\.(merge_strategies|sync_strategies|default_merge_strategy): not recorded$/, 'newer fields of branches'],
  teams,
]
const oldActor: Explanation = [/^actor\.(username: missing|account_id: not recorded)/, 'user names went in 2019']
const team: Explanation = [
  /^actor\.(username: missing|account_id: |links\.self)/,
  'a team acted, which only bots do now',
]
const slash: Explanation = [/\.links\.(commits|self|html)\.href: /, 'only one of the two names has a slash']
const oldProject: Explanation = [/^repository\.project\.links\./, 'teams became workspaces']

/** Some recordings are samples of the manual, made up from a few fields. */
const manual: Explanation[] = [
  [/: not recorded$/, 'left out by the manual'],
  [/\.(self|html)\.href: recorded https:\/\/api\.bitbucket\.org\//, 'addresses of a test server'],
]
const manualIssue: Explanation[] = [
  ...manual,
  [
    /^issue\.component: recorded text/,
    'its sample of a component says so; its milestone and version are objects, as in the API',
  ],
]
const manualComment: Explanation = [
  /^comment\.(parent|inline): missing$/,
  'one sample stands for comments of all kinds; those on issues have neither',
]
const screwdriver: Explanation = [/\.username: missing$/, 'user names went in 2019']

export const recordedPayloads: RecordedPayload[] = [
  {
    file: 'goscm-pipeline_hook_created.json',
    event: 'repo:commit_status_created',
    explained: [team, [/commit\.links\.patch: not recorded$/, 'a newer link']],
  },
  {
    file: 'goscm-pipeline_hook_update.json',
    event: 'repo:commit_status_updated',
    explained: [team, [/commit\.links\.patch: not recorded$/, 'a newer link']],
  },
  { file: 'goscm-pr_comment_created.json', event: 'pullrequest:comment_created', explained: [] },
  { file: 'goscm-pr_comment_deleted.json', event: 'pullrequest:comment_deleted', explained: [] },
  {
    file: 'goscm-push_branch_delete.json',
    event: 'repo:push',
    when: deleted('branch'),
    explained: [...oldPush, slash],
  },
  {
    file: 'goscm-push_tag_delete.json',
    event: 'repo:push',
    when: deleted('tag'),
    explained: [...oldPush.filter(([pattern]) => !pattern.test('.merge_strategies: not recorded')), slash],
  },
  { file: 'jenkins-annotated_tag_created.json', event: 'repo:push', when: made('annotated_tag'), explained: [] },
  { file: 'jenkins-branch_created.json', event: 'repo:push', when: made('branch'), explained: [] },
  { file: 'jenkins-branch_deleted.json', event: 'repo:push', when: deleted('branch'), explained: [] },
  { file: 'jenkins-commit_created.json', event: 'repo:push', when: forced, explained: [] },
  { file: 'jenkins-evt-push-emptyPayload.json', event: 'repo:push', explained: [oldActor, oldProject, teams] },
  {
    file: 'jenkins-evt-push-multipleChangesPayload.json',
    event: 'repo:push',
    when: moved,
    explained: [...oldPush, slash, oldProject, [/\.account_id: not recorded$/, 'account ids came in 2019']],
  },
  { file: 'jenkins-pullrequest_created.json', event: 'pullrequest:created', explained: [] },
  { file: 'jenkins-pullrequest_rejected.json', event: 'pullrequest:rejected', explained: [] },
  { file: 'jenkins-pullrequest_updated.json', event: 'pullrequest:updated', explained: [] },
  { file: 'jenkins-signed_payload.json', event: 'repo:push', when: forced, explained: [] },
  { file: 'jenkins-tag_created.json', event: 'repo:push', when: made('tag'), explained: [] },
  { file: 'jenkins-tag_deleted.json', event: 'repo:push', when: deleted('tag'), explained: [] },
  {
    file: 'playground-commit-comment-created.json',
    event: 'repo:commit_comment_created',
    explained: manual,
    when: (body) => at(body, 'comment', 'parent') !== undefined,
  },
  {
    file: 'playground-issue-comment-created.json',
    event: 'issue:comment_created',
    explained: [...manualIssue, manualComment],
  },
  { file: 'playground-issue-created.json', event: 'issue:created', explained: manualIssue },
  { file: 'playground-issue-updated.json', event: 'issue:updated', explained: [...manualIssue, manualComment] },
  { file: 'playground-repo-fork.json', event: 'repo:fork', explained: manual },
  {
    file: 'playground-repo-updated.json',
    event: 'repo:updated',
    explained: [
      ...manual,
      [
        /^repository\.project\.(project: missing|links\.html)/,
        'its project is of a team, and named by a key of its own',
      ],
    ],
  },
  { file: 'screwdriver-issue.create.json', event: 'issue:created', explained: [...manualIssue, screwdriver] },
  {
    file: 'screwdriver-repo.fork.json',
    event: 'repo:fork',
    explained: [
      screwdriver,
      teams,
      [/^fork\.owner\.links\.self\.href: /, 'its owner is a person'],
      [/^actor\.account_id: not recorded$/, 'account ids came in 2019'],
    ],
  },
]
