/** What else is hard-coded (a query, an address, a folder) is no secret, and is known again by its text. */
const words =
  /(secret|passw|credential|api[-_ .]?key|private[-_ .]?key|access[-_ .]?key|auth[-_ .]?token|access[-_ .]?token|hard-?coded(?![-_ .]?(?:sql|bind|te?mp|path|url|ip\b|http))|gitleaks|trufflehog|detect-secrets|ggshield)/i
/** Hard-coded credentials, password, cryptographic key; insufficiently protected credentials. */
const weaknesses = [259, 321, 522, 798]

/** Whether what a rule finds is likely a password, token or key in clear: by its id, tags, weaknesses or scanner's name. */
export function isSecretRule(rule: {
  scanner: string
  ruleId: string
  tags: readonly string[]
  cwes: readonly number[]
}): boolean {
  if (rule.cwes.some((cwe) => weaknesses.includes(cwe))) return true
  return [rule.scanner, rule.ruleId, ...rule.tags].some((text) => words.test(text))
}
