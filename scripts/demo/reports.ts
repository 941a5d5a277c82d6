import { type VulnerablePlace, vulnerablePlaces } from '../../simulators/bitbucket/seed/vulnerable-places.ts'

const scores = { critical: '9.8', high: '8.1', medium: '5.4', low: '3.1' } as const

function scoreOf(severity: string): string {
  return severity === 'critical' || severity === 'high' || severity === 'medium' ? scores[severity] : scores.low
}

/** The weak places of a seeded repository's main branch, as a scanner would find them. */
export function placesOf(repository: string): (VulnerablePlace & { line: number; snippet: string })[] {
  return vulnerablePlaces().flatMap((place) =>
    place.repository === repository && place.line !== null && place.snippet !== null
      ? [{ ...place, line: place.line, snippet: place.snippet }]
      : [],
  )
}

/** A SARIF 2.1.0 report of these places, as the commit had them. */
export function toSarif(
  places: readonly {
    rule: string
    title: string
    cwe: number
    severity: string
    path: string
    line: number
    snippet: string
  }[],
  commit: string,
): string {
  const rules = [...new Map(places.map((place) => [place.rule, place])).values()]
  return JSON.stringify({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Heron',
            semanticVersion: '3.2.0',
            rules: rules.map(({ rule, title, cwe, severity }) => ({
              id: rule,
              shortDescription: { text: title },
              fullDescription: {
                text: `${title}. CWE-${cwe} says what an attacker gains from it, and what keeps it out.`,
              },
              helpUri: `https://cwe.mitre.org/data/definitions/${cwe}.html`,
              properties: { tags: ['security', `external/cwe/cwe-${cwe}`], 'security-severity': scoreOf(severity) },
            })),
          },
        },
        versionControlProvenance: [{ repositoryUri: 'https://bitbucket.example/meadow-goods', revisionId: commit }],
        results: places.map(({ rule, title, path, line, snippet }) => ({
          ruleId: rule,
          level: 'error',
          message: { text: title },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: path },
                region: { startLine: line, snippet: { text: snippet } },
              },
            },
          ],
        })),
      },
    ],
  })
}
