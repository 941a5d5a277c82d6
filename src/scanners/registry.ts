import { bandit } from './bandit/index.ts'
import { brakeman } from './brakeman/index.ts'
import { checkov } from './checkov/index.ts'
import { eslint } from './eslint/index.ts'
import { gosec } from './gosec/index.ts'
import { govulncheck } from './govulncheck/index.ts'
import { grype } from './grype/index.ts'
import { hadolint } from './hadolint/index.ts'
import { kics } from './kics/index.ts'
import { osvScanner } from './osv-scanner/index.ts'
import { sarif } from './sarif/index.ts'
import type { Scanner } from './scanner.ts'
import { snyk } from './snyk/index.ts'
import { sonarqube } from './sonarqube/index.ts'
import { spotbugs } from './spotbugs/index.ts'
import { terrascan } from './terrascan/index.ts'
import { tfsec } from './tfsec/index.ts'
import { trivy } from './trivy/index.ts'

/** Every report format Weir reads; the first that recognises a file reads it. */
export const scanners: readonly Scanner[] = [
  sarif,
  bandit,
  trivy,
  grype,
  osvScanner,
  snyk,
  govulncheck,
  gosec,
  brakeman,
  hadolint,
  eslint,
  tfsec,
  kics,
  checkov,
  spotbugs,
  sonarqube,
  terrascan,
]
