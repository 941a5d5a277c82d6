/** A package as a scanner names it. `ecosystem` is the type of a package URL: `npm`, `pypi`, `golang`, `deb`, … */
export type PackageRef = { ecosystem: string; name: string; version: string | null }

/** What scanners call the ecosystems, by the type of https://github.com/package-url/purl-spec/blob/main/PURL-TYPES.rst. */
const ecosystems: ReadonlyMap<string, string> = new Map(
  Object.entries({
    npm: ['node', 'nodejs', 'node-pkg', 'javascript', 'js', 'yarn', 'pnpm', 'node_modules'],
    pypi: ['pip', 'pipenv', 'poetry', 'python', 'python-pkg', 'uv', 'setup.py'],
    golang: ['go', 'gomod', 'gomodules', 'go-module', 'gobinary', 'govendor', 'golangdep'],
    maven: ['java', 'jar', 'java-archive', 'gradle', 'gradle-lockfile', 'pom', 'sbt', 'jenkins-plugin'],
    gem: ['rubygems', 'ruby', 'bundler', 'gemspec'],
    composer: ['packagist', 'php', 'php-composer', 'composer-vendor'],
    cargo: ['crates.io', 'rust', 'rust-crate', 'rustbinary', 'rust-binary'],
    nuget: ['dotnet', '.net', 'dotnet-core', 'dotnet-deps', 'csharp', 'packages-props'],
    deb: ['debian', 'ubuntu', 'dpkg'],
    rpm: [
      'redhat',
      'centos',
      'rocky',
      'alma',
      'amazon',
      'oracle',
      'fedora',
      'suse',
      'opensuse',
      'photon',
      'cbl-mariner',
    ],
    apk: ['alpine', 'wolfi', 'chainguard'],
    hex: ['erlang', 'elixir', 'mix'],
    pub: ['dart'],
    swift: ['swifturl', 'swiftpm'],
    conan: ['c++', 'conancenter'],
    cocoapods: ['pod', 'pods'],
    githubactions: ['github-action', 'github actions', 'github'],
  }).flatMap(([type, others]) => [type, ...others].map((name) => [name, type] as const)),
)

/** Types whose names are the same in upper and lower case. */
const caseless = new Set(['npm', 'pypi', 'nuget', 'composer', 'githubactions', 'deb', 'rpm', 'apk', 'hex', 'pub'])

/** A scanner's word for an ecosystem as the type of a package URL; an unknown word stays, in lower case. */
export function spellEcosystem(word: string): string {
  const bare = word.trim().toLowerCase()
  return ecosystems.get(bare) ?? ecosystems.get(bare.split(/[:@]/, 1)[0] ?? '') ?? bare
}

/**
 * The package a package URL names, without qualifiers and subpath (architecture, distribution, download address come and
 * go with where a scan ran); undefined for what is none. Lenient: scanners write names with and without encoding.
 */
export function parsePackageUrl(purl: string): PackageRef | undefined {
  const [, type, rest] = /^pkg:\/*([A-Za-z][A-Za-z0-9.+-]*)\/+([^?#]+)/.exec(purl.trim()) ?? []
  if (type === undefined || rest === undefined) return undefined
  // The @ of a scope stands in front of a slash, the one of a version behind the last.
  const at = rest.lastIndexOf('@')
  const hasVersion = at > rest.lastIndexOf('/')
  const name = decode(hasVersion ? rest.slice(0, at) : rest).replace(/^\/+|\/+$/g, '')
  const version = hasVersion ? decode(rest.slice(at + 1)) : ''
  return name === '' ? undefined : { ecosystem: spellEcosystem(type), name, version: version === '' ? null : version }
}

/** The parts that make two packages one, whoever names them; without the version. */
export function packageParts({ ecosystem, name }: PackageRef): string[] {
  return [ecosystem, spellName(ecosystem, name)]
}

/** Files that say what a project depends on. Scanners read one or another of those that lie side by side. */
const manifests =
  /^(package\.json|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.ya?ml|bun\.lockb?|requirements[\w.-]*\.txt|pipfile(\.lock)?|poetry\.lock|uv\.lock|pdm\.lock|pyproject\.toml|setup\.(py|cfg)|go\.(mod|sum)|pom\.xml|build\.gradle(\.kts)?|gradle\.lockfile|build\.sbt|gemfile(\.lock)?|[\w.-]+\.gemspec|composer\.(json|lock)|cargo\.(toml|lock)|packages\.(lock\.json|config)|project\.assets\.json|[\w.-]+\.(cs|fs|vb)proj|mix\.(exs|lock)|pubspec\.(yaml|lock)|podfile(\.lock)?|package\.(swift|resolved)|conanfile\.(txt|py)|conan\.lock)$/i

/** Folders that are called after the version of what runs what lies in them. */
const runtimes = /(?<=^|\/)(python|ruby|perl|php|node|jdk|dotnet)-?\d+(?:\.\d+)*(?=\/)/g

/**
 * The project a package is used in: the folder of its manifest, or where else the package lies. Of an installed one the path
 * tells the version, too (`lib/quay-1.2.0.jar`), and an update that does not help leaves the finding what it is.
 */
export function projectOf(path: string | null, version: string | null): string {
  const plain = path ?? ''
  const end = plain.lastIndexOf('/') + 1
  if (manifests.test(plain.slice(end))) return `${withoutVersion(plain.slice(0, end), version)}.`
  return withoutVersion(plain, version)
}

function withoutVersion(path: string, version: string | null): string {
  const bare = (version ?? '').trim().replace(/^v(?=\d)/, '')
  // A lone number stands in too many names.
  const isTelling = /\d\.\d/.test(bare)
  return (isTelling ? path.replaceAll(bare, '*') : path).replace(runtimes, '$1')
}

/** A version in the spelling its ecosystem compares as equal; '' for none. */
export function spellVersion(ecosystem: string, version: string | null): string {
  const bare = (version ?? '').trim()
  switch (ecosystem) {
    case 'golang':
      // "+incompatible" says how the module is laid out, and scanners leave it away.
      return bare.replace(/^(v|go)(?=\d)/, '').replace(/\+incompatible$/, '')
    case 'npm':
    case 'composer':
    case 'cargo':
      // Build metadata does not count: https://semver.org/#spec-item-10
      return bare.replace(/^[v=]+(?=\d)/, '').replace(/\+.*$/, '')
    case 'pypi':
      return spellPythonVersion(bare)
    case 'maven':
    case 'nuget':
      return bare
        .toLowerCase()
        .replace(/[.-](final|ga|release)$/, '')
        .replace(/(\.0+)+(?=$|-)/, '')
    case 'deb':
    case 'rpm':
      return bare.replace(/^0:/, '')
    default:
      return bare
  }
}

/** PEP 440: case, separators and trailing zeros of the release do not count. */
function spellPythonVersion(version: string): string {
  const [, epoch = '', release = '', rest = ''] = /^v?(\d+!)?(\d+(?:\.\d+)*)(.*)$/i.exec(version) ?? []
  if (release === '') return version.toLowerCase()
  const suffix = rest
    .toLowerCase()
    .replace(/^[-_.]?(alpha|beta|preview|pre|a|b|c|rc)[-_.]?(\d*)/, (_, word: string, count: string) => {
      const short = word.startsWith('a') ? 'a' : word.startsWith('b') ? 'b' : 'rc'
      return `${short}${count === '' ? '0' : count}`
    })
    .replace(/[-_.]?(post|rev|r)[-_.]?(\d*)/, (_, word: string, count: string) => `.post${count === '' ? '0' : count}`)
  return `${epoch === '0!' ? '' : epoch}${release.replace(/(\.0+)+$/, '')}${suffix}`
}

function spellName(ecosystem: string, name: string): string {
  const plain = name.trim()
  // One file says group:artifact, another group/artifact.
  const joined = ecosystem === 'maven' ? plain.replaceAll(':', '/') : plain
  const cased = caseless.has(ecosystem) ? joined.toLowerCase() : joined
  if (ecosystem === 'pypi') return cased.replace(/[-_.]+/g, '-')
  // The distribution in front of a system package's name is where it was found, not what it is.
  return ecosystem === 'deb' || ecosystem === 'rpm' || ecosystem === 'apk' ? (cased.split('/').at(-1) ?? cased) : cased
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A name with a bare % is a name still.
    return text
  }
}
