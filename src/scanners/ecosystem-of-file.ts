/** Files that name the packages of a project, by the type of their packages' URLs. */
const files: ReadonlyMap<string, string> = new Map(
  Object.entries({
    npm: ['package.json', 'package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock'],
    pypi: ['pipfile', 'pipfile.lock', 'poetry.lock', 'uv.lock', 'pdm.lock', 'setup.py', 'pyproject.toml'],
    golang: ['go.mod', 'go.sum'],
    maven: ['pom.xml', 'maven_dep_tree.txt', 'gradle.lockfile', 'build.gradle', 'build.gradle.kts'],
    gem: ['gemfile', 'gemfile.lock', 'gems.locked'],
    composer: ['composer.json', 'composer.lock'],
    cargo: ['cargo.toml', 'cargo.lock'],
    nuget: ['packages.config', 'packages.lock.json', 'project.assets.json'],
    hex: ['mix.exs', 'mix.lock'],
    pub: ['pubspec.yaml', 'pubspec.lock'],
    swift: ['package.swift', 'package.resolved'],
    cocoapods: ['podfile', 'podfile.lock'],
    conan: ['conan.lock', 'conanfile.txt'],
  }).flatMap(([type, names]) => names.map((name) => [name, type] as const)),
)

/** The ecosystem whose packages a file names, by the file's name; undefined where that tells nothing. */
export function ecosystemOfFile(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  if (/^requirements[^/]{0,100}\.(?:txt|in)$/.test(name)) return 'pypi'
  return files.get(name) ?? (/\.(?:cs|fs|vb)proj$/.test(name) ? 'nuget' : undefined)
}
