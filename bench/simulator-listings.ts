/** Where a simulated workspace is asked, and what it is asked for. */
export interface Listing {
  name: string
  /** Below /2.0; `next` is followed this many pages far when there is one. */
  path: (place: Place) => string
  pages?: number
}

export interface Place {
  workspace: string
  repository: string
  /** A busy one of the repository. */
  pullRequest: string
  /** A member of the workspace. */
  person: string
}

const ofRepository =
  (tail: string) =>
  ({ workspace, repository }: Place): string =>
    `/repositories/${workspace}/${repository}/${tail}`
const ofPullRequest =
  (tail: string) =>
  (place: Place): string =>
    ofRepository(`pullrequests/${place.pullRequest}/${tail}`)(place)
const encode = encodeURIComponent

/** What other tools ask for page by page: the first pages, deep ones, and those with `q`, `sort` and `fields`. */
export const listings: readonly Listing[] = [
  { name: 'repositories', path: ({ workspace }) => `/repositories/${workspace}?pagelen=100` },
  {
    name: 'repositories q sort',
    path: ({ workspace }) => `/repositories/${workspace}?pagelen=50&sort=-updated_on&q=${encode('name ~ "a"')}`,
  },
  { name: 'pull requests', path: ofRepository('pullrequests?state=ALL&pagelen=50'), pages: 4 },
  { name: 'pull requests, deep', path: ofRepository('pullrequests?state=MERGED&pagelen=50&page=15'), pages: 3 },
  {
    name: 'pull requests q sort',
    path: ofRepository(
      `pullrequests?pagelen=50&sort=-updated_on&q=${encode('state = "MERGED" AND updated_on >= 2020-01-01')}`,
    ),
    pages: 4,
  },
  {
    name: 'pull requests q unusual',
    path: ofRepository(
      `pullrequests?state=ALL&sort=comment_count&q=${encode('description ~ "store" AND task_count = 0')}`,
    ),
  },
  {
    name: 'pull requests fields',
    path: ofRepository(
      `pullrequests?state=ALL&pagelen=50&fields=${encode('next,values.id,values.state,values.author.uuid,+values.participants')}`,
    ),
  },
  { name: 'activity of all', path: ofRepository('pullrequests/activity?pagelen=50'), pages: 30 },
  { name: 'activity of one', path: ofPullRequest('activity?pagelen=50') },
  { name: 'comments', path: ofPullRequest('comments?pagelen=100') },
  {
    name: 'comments q sort',
    path: ofPullRequest(`comments?sort=-created_on&q=${encode('deleted = false AND inline.path ~ "src"')}`),
  },
  { name: 'tasks', path: ofPullRequest('tasks') },
  { name: 'commits of one', path: ofPullRequest('commits') },
  { name: 'statuses of one', path: ofPullRequest('statuses') },
  { name: 'commits', path: ofRepository('commits?pagelen=100'), pages: 5 },
  { name: 'commits of main, deep', path: ofRepository('commits/main?pagelen=30'), pages: 20 },
  { name: 'branches', path: ofRepository('refs/branches?pagelen=100') },
  { name: 'tags', path: ofRepository('refs/tags?sort=-target.date') },
  { name: 'pipelines', path: ofRepository('pipelines?sort=-created_on&pagelen=100'), pages: 4 },
  { name: 'pipelines, deep', path: ofRepository('pipelines?pagelen=50&page=20') },
  { name: 'pipelines by status', path: ofRepository('pipelines?status=FAILED&sort=-created_on&pagelen=50') },
  { name: 'pipelines by branch', path: ofRepository('pipelines?target.branch=main&sort=-created_on') },
  { name: 'deployments', path: ofRepository('deployments?pagelen=100'), pages: 3 },
  { name: 'environments', path: ofRepository('environments') },
  { name: 'members', path: ({ workspace }) => `/workspaces/${workspace}/members?pagelen=100`, pages: 2 },
  { name: 'members q', path: ({ workspace }) => `/workspaces/${workspace}/members?q=${encode('user.nickname ~ "a"')}` },
  { name: 'permissions', path: ({ workspace }) => `/workspaces/${workspace}/permissions?pagelen=100` },
  { name: 'permissions of repositories', path: ({ workspace }) => `/workspaces/${workspace}/permissions/repositories` },
  {
    name: 'pull requests of a person',
    path: ({ workspace, person }) => `/workspaces/${workspace}/pullrequests/${encode(person)}`,
  },
]
