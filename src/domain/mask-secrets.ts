const mask = '••••••'
/** Text in quotes, PEM blocks, then anything after `=` or `:`, what is no plain word after `Bearer`, then any run that looks made by a machine. */
const quoted = /(["'`])((?:\\.|(?!\1)[^\\\n]){4,})\1/g
const pem = /-----BEGIN [A-Z0-9 ]{0,40}-----[\s\S]*?(-----END [A-Z0-9 ]{0,40}-----|$)/g
const assigned = /([=:]\s*)([^\s"'`,;(){}<>]{4,})/g
const announced = /(\b(?:bearer|basic|token)\s+)([^\s"'`,;(){}<>]{4,})/gi
/** `JWT token detected` is prose: one capital at most, at the front, and no longer than words are. */
const plainWord = /^[A-Za-z]?[a-z]{1,18}[.!?]?$/
const machineMade = /[A-Za-z0-9+/_=.-]{16,}/g

/** The text with whatever may be a secret in it masked to its first two characters; code around it stays readable. */
export function maskSecrets(text: string): string {
  return text
    .replace(pem, `-----BEGIN ${mask}-----`)
    .replace(quoted, (_, quote: string, inner: string) => `${quote}${hide(inner)}${quote}`)
    .replace(assigned, (whole, before: string, value: string) =>
      value.includes(mask) ? whole : `${before}${hide(value)}`,
    )
    .replace(announced, (whole, before: string, value: string) =>
      value.includes(mask) || plainWord.test(value) ? whole : `${before}${hide(value)}`,
    )
    .replace(machineMade, (run) => (/\d/.test(run) && /[A-Za-z]/.test(run) ? hide(run) : run))
}

function hide(secret: string): string {
  return secret.includes(mask) ? secret : `${secret.slice(0, 2)}${mask}`
}
