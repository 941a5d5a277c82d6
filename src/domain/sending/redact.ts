import { maskSecrets } from '../mask-secrets.ts'

const mask = '••••••'

/*
 * What is a secret by its look alone, wherever it stands. As in mask-secrets.ts every pattern takes time in proportion to the
 * text: it begins with letters of its own, and what repeats is bounded, or cannot begin inside itself.
 */
const pem = /-----BEGIN [A-Z0-9 ]{0,40}-----[\s\S]*?(-----END [A-Z0-9 ]{0,40}-----|$)/g
const tokens = [
  // AWS, Google, Azure
  /\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b/g,
  /\bAIza[\w-]{30,60}/g,
  /\bya29\.[\w-]{20,400}/g,
  /\bAccountKey=[\w+/=]{20,200}/g,
  // GitHub, GitLab, Atlassian
  /\bgh[pousr]_[A-Za-z0-9]{20,255}/g,
  /\bgithub_pat_\w{20,255}/g,
  /\bglpat-[\w-]{16,255}/g,
  /\bAT(?:ATT|CTT|BB)[\w=-]{16,400}/g,
  // Slack, Stripe, npm, PyPI, SendGrid, Hugging Face, Docker, Shopify, DigitalOcean, OpenAI and alike
  /\bxox[abeoprs]-[\w-]{10,400}/g,
  /\bhooks\.slack\.com\/(?:services|workflows)\/[\w/-]{10,200}/g,
  /\b(?:sk|rk|pk)_(?:live|test)_\w{16,255}/g,
  /\bsk-[\w-]{20,255}/g,
  /\bnpm_\w{30,255}/g,
  /\bpypi-[\w-]{30,400}/g,
  /\bSG\.[\w-]{16,64}\.[\w-]{16,64}/g,
  /\bhf_\w{30,64}/g,
  /\bdckr_pat_[\w-]{20,64}/g,
  /\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}/g,
  /\bdop_v1_[0-9a-f]{64}/g,
  // Signed tokens (JWT), and secrets of webhooks
  /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g,
  /\bwhsec_[\w+/=]{16,100}/g,
] as const
/** `https://name:password@host`, also with the name or the password alone. */
const inAddress = /(:\/\/)[^\s/?#"'<>`]{1,500}@/g
const inQuery =
  /([?&](?:access_?token|auth|token|api_?key|key|secret|sig|signature|password|pwd)=)[^\s&#"'<>)\]`]{4,2000}/gi
const bearer = /\b((?:bearer|basic)\s{1,5})(?=[^\s]{0,200}\d)[\w+/=.~-]{16,4000}/gi
/** Base64 need not have a digit; a word of a sentence has no capital inside. */
const authorization =
  /\b([Aa]uthorization["'`]?\s{0,5}[:=]\s{0,5}["'`]?(?:[Bb]earer|[Bb]asic|[Tt]oken)\s{1,5})(?=\S{0,200}(?:[a-z][A-Z]|[\d=+/]))[^\s"'`•]{6,4000}/g
/** What a name that holds a secret ends with, whatever stands before it, as in `DB_PASSWORD` and `aws_secret_access_key`. */
const names = String.raw`(?:passw(?:or)?d|passphrase|pwd|token|api_?key|(?:access|account|private|signing)_?key|secret(?:_?access)?(?:_?key)?)`
const assigned = new RegExp(
  String.raw`(${names}["'\x60]?\s{0,5}(?:=>|:=|=)\s{0,5}["'\x60]?)(?!•)[^\s"'\x60,;(){}<>]{4,500}`,
  'gi',
)
/** After a colon sentences go on, too: only what is quoted is a value, as in JSON. */
const quoted = new RegExp(
  String.raw`(${names}["'\x60]?\s{0,5}:\s{0,5})(["'\x60])(?!•)(?:(?!\2)[^\n\\]|\\.){4,500}\2`,
  'gi',
)
/** Or what is alone with its name on a line and no word, as in YAML. */
const listed = new RegExp(
  String.raw`^([ \t]{0,40}(?:- )?[\w.-]{0,60}?${names}:[ \t]{1,5})(?!•)(?=\S{0,500}[^A-Za-z\s])[^\s"'\x60,;(){}<>]{6,500}(?=[ \t]*$)`,
  'gim',
)

/** The text without what is a secret by its look: keys and tokens of known forms, passwords in addresses and assignments. */
export function redactSecrets(text: string): string {
  const bare = tokens.reduce(
    (left, pattern) => left.replace(pattern, mask),
    text.replace(pem, `-----BEGIN ${mask}-----`),
  )
  return bare
    .replace(inAddress, `$1${mask}@`)
    .replace(inQuery, `$1${mask}`)
    .replace(bearer, `$1${mask}`)
    .replace(authorization, `$1${mask}`)
    .replace(quoted, `$1$2${mask}$2`)
    .replace(listed, `$1${mask}`)
    .replace(assigned, `$1${mask}`)
}

const fenced = /(`{3,10}|~{3,10})[\s\S]*?(?:\1|$)/g
const spans = /(`{1,10})[^`\n]{1,2000}\1/g
/** A shorter line of code may be a word of a sentence. */
const leastLine = 6

/** The text without code: blocks, spans, and whatever repeats a line of what the scan read. */
export function withoutCode(text: string, snippet: string | null): string {
  const lines = (snippet ?? '').split('\n').map((line) => line.trim())
  const known = lines.filter((line) => line.length >= leastLine).toSorted((one, other) => other.length - one.length)
  const bare = text.replace(fenced, '…').replace(spans, '…')
  return known.reduce((left, line) => left.replaceAll(line, '…'), bare)
}

export type Redaction = { isSecret: boolean; sendsCode: boolean; snippet: string | null }

/** A text of a scanner or of a person as it may leave for a tracker, whose readers are others than Weir's. */
export function redact(text: string, { isSecret, sendsCode, snippet }: Redaction): string {
  const safe = redactSecrets(text)
  const hidden = isSecret ? maskSecrets(safe) : safe
  return sendsCode ? hidden : withoutCode(hidden, snippet)
}
