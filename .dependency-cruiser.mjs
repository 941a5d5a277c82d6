// The one-way imports of docs/adr/0001. `scripts/check-boundaries.ts` also plants a violation and expects it caught.
const ends = '(/|\\.ts$)'
const room = (name) => `^src/${name}${ends}`
const mayOnlyReach = (from, allowed, comment) => ({
  name: `${from.replaceAll('/', '-')}-one-way`,
  comment,
  severity: 'error',
  from: { path: room(from), pathNot: '\\.test\\.ts$' },
  to: {
    path: '^(src|web|simulators|bench|scripts|test|contract)/',
    pathNot: [from, ...allowed].map((to) => (to.startsWith('^') ? to : room(to))),
  },
})

export default {
  forbidden: [
    mayOnlyReach('lib', [], 'lib is product-free'),
    mayOnlyReach('domain', ['lib'], 'domain is pure rules'),
    mayOnlyReach(
      'config',
      ['lib', 'domain', '^src/config-(variables|schemas)\\.ts$'],
      'config knows nothing of the app',
    ),
    mayOnlyReach('store', ['domain', 'lib'], 'store speaks SQL only'),
    mayOnlyReach('scanners', ['domain', 'lib'], 'a format reads bytes'),
    mayOnlyReach('bitbucket', ['domain', 'lib'], 'the client knows the remote only'),
    mayOnlyReach('jira', ['domain', 'lib'], 'the client knows the remote only'),
    mayOnlyReach('git', ['domain', 'lib'], 'git knows clones only'),
    mayOnlyReach('trackers', ['bitbucket', 'jira', 'domain', 'lib'], 'a tracker speaks through the client'),
    mayOnlyReach('metrics', ['store', 'domain', 'lib'], 'a metric is SQL and formula'),
    mayOnlyReach(
      'usecases',
      ['trackers', 'scanners', 'bitbucket', 'jira', 'git', 'metrics', 'store', 'domain', 'lib', '^contract/'],
      'use cases join store and adapters',
    ),
    mayOnlyReach(
      'jobs',
      ['usecases', 'trackers', 'scanners', 'bitbucket', 'jira', 'git', 'metrics', 'store', 'domain', 'lib'],
      'jobs call use cases',
    ),
    mayOnlyReach(
      'http',
      ['usecases', 'metrics', 'store', 'domain', 'lib', '^contract/'],
      'routes call use cases; reads may use store',
    ),
    {
      name: 'contract-one-way',
      severity: 'error',
      from: { path: '^contract/' },
      to: { path: '^(src|web|simulators|bench|scripts|test)/', pathNot: room('domain') },
    },
    {
      name: 'web-sees-contract-and-domain',
      severity: 'error',
      from: { path: '^web/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^(src|simulators|bench|scripts|test)/', pathNot: room('domain') },
    },
    {
      name: 'simulators-are-somebody-elses-server',
      severity: 'error',
      from: { path: '^simulators/' },
      to: { path: '^(src|web|contract|bench|scripts|test)/' },
    },
    {
      name: 'simulators-share-only-what-is-shared',
      severity: 'error',
      from: { path: '^simulators/([^/]+)/' },
      to: { path: '^simulators/', pathNot: '^simulators/($1|shared)/' },
    },
    {
      name: 'product-never-imports-simulators-or-tests',
      severity: 'error',
      from: { path: '^(src|contract|web)/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '(^(simulators|bench|test|scripts)/|\\.test\\.tsx?$)' },
    },
    {
      name: 'adapters-never-import-each-other',
      comment: 'others reach a tracker or a format through its registry and interface',
      severity: 'error',
      from: { path: '^src/(trackers|scanners)/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/(trackers|scanners)/[^/]+/', pathNot: '^src/$1/$2/' },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: { path: '^(src|web|contract|simulators)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js'] },
  },
}
