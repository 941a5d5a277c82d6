/** Words of four letters and more that titles and messages of scanners have behind `token`, `basic` or `password`. */
const known = new Set(
  `about access after against also and appears argument auth based because been before being call cannot check class code
  column config configuration constant could credentials data default does expiry exists field file files flow format found from
  function generator handler hash have header headers here https inside into issue issuer itself leak length lifetime line
  lives logged login manager may might missing must name named names near never not only over parameter passed password
  passwords phrase plain policy property repository request reset response reuse rotation rule rules safe scheme scope
  scopes secret secrets server service should shown source storage store string strings that their then there these they
  this through token tokens type under usage used user uses using value values variable variables were when where which
  will with within without would written your`.split(/\s+/),
)
const shape = /^([A-Za-z][a-z]{2,18})[.,:!?]?$/
const ending = /(?:tion|sion|ment|ness|ance|ence|ing|ed)s?$/

/**
 * Whether a word behind `token`, `password` and the like is prose, as in `JWT token detected`: a short or common word, or
 * one that ends as nouns and participles do. In doubt it is none, since then it is masked.
 */
export function isProseWord(text: string): boolean {
  const word = shape.exec(text)?.[1]
  if (word === undefined) return false
  return word.length < 4 || known.has(word.toLowerCase()) || (ending.test(word) && word === word.toLowerCase())
}
