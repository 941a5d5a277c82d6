import { bandit } from './bandit/index.ts'
import { brakeman } from './brakeman/index.ts'
import { burp } from './burp/index.ts'
import { checkov } from './checkov/index.ts'
import { cyclonedx } from './cyclonedx/index.ts'
import { dependencyCheck } from './dependency-check/index.ts'
import { dependencyTrack } from './dependency-track/index.ts'
import { eslint } from './eslint/index.ts'
import { gitlab } from './gitlab/index.ts'
import { gitleaks } from './gitleaks/index.ts'
import { gosec } from './gosec/index.ts'
import { govulncheck } from './govulncheck/index.ts'
import { grype } from './grype/index.ts'
import { hadolint } from './hadolint/index.ts'
import { kics } from './kics/index.ts'
import { npmAudit } from './npm-audit/index.ts'
import { nuclei } from './nuclei/index.ts'
import { osvScanner } from './osv-scanner/index.ts'
import { retireJs } from './retire-js/index.ts'
import { sarif } from './sarif/index.ts'
import type { Scanner } from './scanner.ts'
import { semgrep } from './semgrep/index.ts'
import { snyk } from './snyk/index.ts'
import { sonarqube } from './sonarqube/index.ts'
import { spotbugs } from './spotbugs/index.ts'
import { terrascan } from './terrascan/index.ts'
import { tfsec } from './tfsec/index.ts'
import { trivy } from './trivy/index.ts'
import { trufflehog } from './trufflehog/index.ts'
import { weirCsv } from './weir-csv/index.ts'
import { weirJson } from './weir-json/index.ts'
import { zap } from './zap/index.ts'

/** Every report format Weir reads; the first that recognises a file reads it. */
export const scanners: readonly Scanner[] = [
  sarif,
  cyclonedx,
  dependencyCheck,
  dependencyTrack,
  retireJs,
  gitlab,
  bandit,
  trivy,
  grype,
  osvScanner,
  npmAudit,
  snyk,
  govulncheck,
  gosec,
  brakeman,
  hadolint,
  gitleaks,
  trufflehog,
  eslint,
  tfsec,
  kics,
  zap,
  burp,
  checkov,
  spotbugs,
  nuclei,
  sonarqube,
  terrascan,
  semgrep,
  weirJson,
  weirCsv,
]
