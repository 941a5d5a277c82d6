/** Names one scanner has gone by; its findings are kept under the first. */
const families: readonly (readonly [string, RegExp])[] = [
  ['Semgrep', /^semgrep( (oss|pro|code|ce))?$/i],
  ['CodeQL', /^(codeql( command-line toolchain)?|lgtm(\.com)?)$/i],
  ['Trivy', /^trivy$/i],
  ['Grype', /^grype$/i],
  ['Snyk Code', /^snyk ?code$/i],
  ['Snyk', /^snyk( open source| container| iac)?$/i],
  ['Gitleaks', /^gitleaks$/i],
  ['TruffleHog', /^trufflehog(3)?$/i],
  ['Bandit', /^bandit$/i],
  ['Checkov', /^checkov$/i],
  ['KICS', /^kics$/i],
  ['tfsec', /^tfsec$/i],
  ['gosec', /^(golang security checks by )?gosec$/i],
  ['Brakeman', /^brakeman$/i],
  ['ESLint', /^eslint$/i],
  ['Hadolint', /^hadolint$/i],
  ['SpotBugs', /^spotbugs$/i],
  ['OSV-Scanner', /^osv-?scanner$/i],
  ['govulncheck', /^govulncheck$/i],
]

/** The name a scanner's findings are kept under: it stays when the scanner is renamed or writes another format. */
export function spellScanner(name: string): string {
  const bare = name.trim().replace(/\s+/g, ' ')
  return families.find(([, pattern]) => pattern.test(bare))?.[0] ?? bare
}
