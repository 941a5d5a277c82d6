import { readdirSync, readFileSync } from 'node:fs'
import { matchesPattern } from '../../shared/glob.ts'
import { at, isObject } from '../../shared/json.ts'

/** A pattern of differences, and why they are. */
export type Explanation = [differs: RegExp, why: string]

/** A recorded answer, and the request that makes the simulator give the same. */
export interface Recording {
  /** Its name; `*` stands for the names of people, repositories and commits in it. */
  file: string
  /** The operation as our endpoints have it: `GET /user`. */
  operation: string
  /** Parameters besides those every recording has. */
  with?: Record<string, string>
  query?: string
  status?: number
  /** It holds the members of `values` alone. */
  valuesOnly?: true
  explained?: Explanation[]
}

const repository = '/repositories/:workspace/:slug'
const pull = `${repository}/pullrequests/:id`
const commit = `${repository}/commit/:commit`

/** What came to Bitbucket's answers after some of the recordings. */
export const newer: Explanation[] = [
  [/(^|[.\]])(draft|queued|pending): not recorded$/, 'draft pull requests, queued merges, pending comments'],
  [/inline\.start_(from|to): not recorded$/, 'comments on several lines'],
  [/inline\.(outdated|context_lines|src_rev|dest_rev): not recorded$/, 'in recorded webhooks'],
  [/links\.(request-changes|diffstat|mergeability_checks|pullrequest_create): not recorded$/, 'new operations'],
  [/participants\[\]\.state: not recorded$/, 'requested changes'],
  [/branch\.links: not recorded$/, 'branches of pull requests carry links in the recording of October 2026'],
  [/sync_strategies: not recorded$/, 'branches can be synchronised'],
  [/escaped_path: not recorded$/, 'escaped paths'],
  [/(secret_set|history_enabled): not recorded$/, 'secrets and history of hooks'],
  [/subject_type: not recorded$/, 'in the document of 2026 and recorded nowhere'],
  [/(^|\.)committer: not recorded$/, 'in the document of 2026, recorded nowhere'],
  [/(^|\.)(nickname|account_status|has_2fa_enabled): not recorded$/, 'what replaced user names in 2019'],
]

/** What is there only where it applies, and applies in our example. */
const inOurs: Explanation[] = [[/(^|[.\]])(parent|inline): not recorded$/, 'a reply, or a comment on a line']]

const oldUserName: Explanation = [/user\.username: missing$/, 'user names went in 2019']
const oldPage: Explanation = [/^page: missing$/, 'a page number beside a cursor, which newer recordings lack']
const lastPage: Explanation = [/^next: missing$/, 'all of ours is on one page']
const enterprise: Explanation = [
  /links\.self\.href: recorded https:\/\/bitbucket\.org\/\*\/2\.0\//,
  'recorded through the internal address',
]
const oldDiffLink: Explanation = [/^links\.diff\.href: /, 'the diff was served below the pull request']
const oldTracker: Explanation = [/^has_(wiki|issues): missing$/, 'gone with tracker and wiki']

export const recordings: Recording[] = [
  { file: 'gitea-2026-10-repository.json', operation: `GET ${repository}` },
  {
    file: 'gitea-2026-10-pullrequests-list.json',
    operation: `GET ${repository}/pullrequests`,
    query: 'state=OPEN&state=MERGED&state=DECLINED&state=SUPERSEDED&sort=created_on&page=1',
  },
  {
    file: 'dangerjs-bitbucket_cloud_activities.json',
    operation: `GET ${pull}/activity`,
    valuesOnly: true,
    explained: [
      ...inOurs,
      [/comment\.inline\.\w+: not recorded$/, 'recorded empty'],
      [/update\.(reviewers|changes): not recorded$/, 'newer, and in the document'],
    ],
  },
  {
    file: 'dangerjs-bitbucket_cloud_comments.json',
    operation: `GET ${pull}/comments`,
    valuesOnly: true,
    explained: [...inOurs, [/inline\.\w+: not recorded$/, 'recorded empty']],
  },
  {
    file: 'dangerjs-bitbucket_cloud_commits.json',
    operation: `GET ${pull}/commits`,
    valuesOnly: true,
    explained: [[/rendered: not recorded$/, 'recorded in other listings of commits']],
  },
  { file: 'dangerjs-bitbucket_cloud_pr.json', operation: `GET ${pull}`, explained: [oldDiffLink] },
  {
    file: 'goscm-commits.json',
    operation: `GET ${repository}/commits`,
    query: 'pagelen=1',
    explained: [
      oldUserName,
      oldPage,
      [/^next: /, 'recorded with the address of a web page'],
      [/rendered: not recorded$/, 'recorded in newer listings of commits'],
    ],
  },
  {
    file: 'goscm-content_fail.json',
    operation: `GET ${repository}/src/:commit/*`,
    with: { '*': 'no/such/file' },
    status: 404,
  },
  {
    file: 'goscm-content_list.json',
    operation: `GET ${repository}/src/:commit/*`,
    with: { '*': 'src' },
    explained: [lastPage],
  },
  { file: 'goscm-diffstat.json', operation: `GET ${repository}/diffstat/*`, with: { '*': 'main' } },
  { file: 'goscm-error.json', operation: `GET ${repository}`, with: { slug: 'null' }, status: 404 },
  { file: 'goscm-hook.json', operation: `GET ${repository}/hooks/:uid` },
  { file: 'goscm-hooks.json', operation: `GET ${repository}/hooks` },
  { file: 'goscm-pr.json', operation: `GET ${pull}`, with: { id: '1' } },
  { file: 'goscm-prcomment.json', operation: `GET ${pull}/comments/:comment`, explained: [enterprise] },
  { file: 'goscm-prcomments.json', operation: `GET ${pull}/comments`, explained: [enterprise, ...inOurs] },
  {
    file: 'goscm-review.json',
    operation: `GET ${pull}/comments/:comment`,
    with: { comment: 'inline' },
    explained: [enterprise],
  },
  {
    file: 'goscm-repo.json',
    operation: `GET ${repository}`,
    explained: [
      oldTracker,
      [
        /^(workspace|override_settings|parent|enforced_signed_commits): not recorded$/,
        'in the recording of October 2026',
      ],
      [/^project\.links\.|^owner\.links\./, 'teams became workspaces'],
    ],
  },
  { file: 'goscm-status.json', operation: `GET ${commit}/statuses/build/:key` },
  {
    file: 'goscm-statuses.json',
    operation: `GET ${commit}/statuses`,
    explained: [lastPage, [/^size: not recorded$/, 'left out by some recordings of numbered pages']],
  },
  {
    file: 'goscm-user.json',
    operation: 'GET /user',
    explained: [
      [/^(website|links\.follow(ers|ing)): missing$/, 'went with the privacy rules of 2019'],
      [/^links\.hooks\.href: /, 'hooks of people became hooks of workspaces'],
    ],
  },
  {
    file: 'jenkins-*-commit-*-statuses-build.json',
    operation: `GET ${commit}/statuses/build/:key`,
  },
  {
    file: 'jenkins-*-commits_include_*.json',
    operation: `GET ${repository}/commits`,
    query: 'include=main&pagelen=100',
  },
  {
    file: 'jenkins-*-diffstat-*.json',
    operation: `GET ${repository}/diffstat/*`,
    with: { '*': 'main' },
  },
  { file: 'jenkins-*-hooks.json', operation: `GET ${repository}/hooks/:uid` },
  {
    file: 'jenkins-*-pullrequests-1.json',
    operation: `GET ${pull}`,
    with: { id: '1' },
    explained: [
      [/^author\.username: missing$/, 'user names went in 2019'],
      [/^(rendered|reviewers|participants): not recorded$/, 'cut by who recorded it; in the other recordings'],
      oldDiffLink,
    ],
  },
  { file: 'jenkins-*-pullrequests_pagelen_50.json', operation: `GET ${repository}/pullrequests`, query: 'pagelen=50' },
  {
    file: 'jenkins-*-refs-branches_pagelen_100.json',
    operation: `GET ${repository}/refs/branches`,
    query: 'pagelen=100',
    explained: [[/target\.(author\.user|summary|rendered): not recorded$/, 'newer; in the recordings of commits']],
  },
  {
    file: 'jenkins-*-refs-tags_pagelen_100.json',
    operation: `GET ${repository}/refs/tags`,
    query: 'pagelen=100',
    explained: [
      [/target\.(summary|rendered): not recorded$/, 'newer; in the recordings of commits'],
      [/^size: not recorded$/, 'left out by some recordings of numbered pages'],
    ],
  },
  {
    file: 'jenkins-*-test-repos.json',
    operation: `GET ${repository}`,
    explained: [
      oldTracker,
      [/^owner\.account_id: missing$/, 'its owner is a person'],
      [/^owner\.links\.self\.href: /, 'its owner is a person'],
    ],
  },
]

export const recordedFolder = new URL('../../../../shared/real/bitbucket/rest/', import.meta.url)

function findRecording(file: string): string {
  const [found, ...more] = readdirSync(recordedFolder).filter((name) => matchesPattern(file, name))
  if (found === undefined || more.length > 0)
    throw new Error(`${file} names ${more.length === 0 ? 'no' : 'more than one'} file`)
  return found
}

/** What was recorded, without what its recorder wrapped it in. */
export function readRecording(file: string): { body: unknown; headers: string[] } {
  const parsed: unknown = JSON.parse(readFileSync(new URL(findRecording(file), recordedFolder), 'utf8'))
  const headers = at(parsed, 'response', 'headers')
  return {
    body: at(parsed, 'response', 'body') ?? parsed,
    headers: isObject(headers) ? Object.keys(headers).map((name) => name.toLowerCase()) : [],
  }
}
