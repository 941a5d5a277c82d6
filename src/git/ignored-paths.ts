/**
 * Files whose changed lines nobody wrote: lock files, generated, minified and vendored ones. Git's own patterns of paths;
 * what is left out here is left out of every size (metrics.md, pr_size).
 */
const ignoredPatterns = [
  '**/package-lock.json',
  '**/npm-shrinkwrap.json',
  '**/yarn.lock',
  '**/pnpm-lock.yaml',
  '**/bun.lock',
  '**/composer.lock',
  '**/Gemfile.lock',
  '**/Pipfile.lock',
  '**/poetry.lock',
  '**/uv.lock',
  '**/Cargo.lock',
  '**/go.sum',
  '**/packages.lock.json',
  '**/gradle.lockfile',
  '**/mix.lock',
  '**/pubspec.lock',
  '**/Podfile.lock',
  '**/Package.resolved',
  '**/flake.lock',
  '**/*.min.js',
  '**/*.min.css',
  '**/*.map',
  '**/*.snap',
  '**/*.pb.go',
  '**/*_pb2.py',
  '**/*.g.dart',
  '**/*.generated.*',
  '**/*.designer.cs',
  '**/node_modules/**',
  '**/vendor/**',
] as const

/** Pathspecs that leave them out. https://git-scm.com/docs/gitglossary#Documentation/gitglossary.txt-aiddefpathspecapathspec */
export function exceptIgnored(besides: readonly string[] = []): string[] {
  return [
    ...ignoredPatterns.map((pattern) => `:(exclude,glob,icase)${pattern}`),
    ...besides.map((path) => `:(exclude,literal)${path}`),
  ]
}
