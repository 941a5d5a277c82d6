import type { FindingKind } from './finding-kind.ts'
import type { ImpactLevel } from './impact.ts'

export type StarterTemplate = {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly remediation: string
  readonly kind: FindingKind
  readonly cwes: readonly number[]
  readonly impact: ImpactLevel
  readonly probability: ImpactLevel
  readonly tags: readonly string[]
}

/** What people find by hand again and again, to begin with and to change. */
export const starterTemplates: readonly StarterTemplate[] = [
  {
    name: 'SQL injection',
    title: 'SQL injection in {{asset}}',
    description: `Text from a request becomes part of an SQL statement. Whoever sends the request can read or change rows that are not theirs.

**Where:** the parameter and the query it ends up in.

**Shown by:** the request that was sent, and what came back.`,
    remediation: `- Pass values as parameters of a prepared statement; never join them into the text.
- Choose table and column names from a fixed list.
- Give the database user of the application only the rights it needs.
- Add a test that sends \`' or 1=1 --\` and expects no more rows than before.`,
    kind: 'code',
    cwes: [89],
    impact: 'high',
    probability: 'high',
    tags: ['injection'],
  },
  {
    name: 'Stored cross-site scripting',
    title: 'Stored cross-site scripting in {{asset}}',
    description: `Text that one person saves is put into the page of another as HTML. A script in it acts with the session of whoever looks at the page.

**Where:** the field it is saved by, and the page it comes out on.

**Shown by:** the text that was saved, and what the page did.`,
    remediation: `- Let the template engine escape; put nothing into a page as raw HTML.
- Where formatting is wanted, sanitise with a maintained library and a short list of tags, on the way out.
- Send a Content-Security-Policy without \`unsafe-inline\`.
- Mark session cookies \`HttpOnly\` and \`SameSite\`.`,
    kind: 'web',
    cwes: [79],
    impact: 'high',
    probability: 'medium',
    tags: ['xss'],
  },
  {
    name: 'Broken access control',
    title: 'An id in the address opens what belongs to somebody else ({{asset}})',
    description: `The server looks a record up by the id of the request and does not ask whether it belongs to the one who asks. Another id shows, or changes, another customer's data.

**Where:** the addresses, and the roles it was tried with.

**Shown by:** the same request with two sessions.`,
    remediation: `- Put the owner into the query: look up by id *and* by who asks.
- Decide on the server, in one place, for every method; deny what is not allowed by name.
- Answer 404 for what the caller may not see.
- Add a test that asks for every address with the ids of another customer.`,
    kind: 'web',
    cwes: [639, 862],
    impact: 'high',
    probability: 'high',
    tags: ['access-control'],
  },
  {
    name: 'Server-side request forgery',
    title: 'Server-side request forgery in {{asset}}',
    description: `The server fetches an address that comes from the request. It can be led to services inside the network, or to the metadata service of the cloud, and hands back what they answer.

**Where:** the parameter that carries the address.

**Shown by:** an address inside that answered.`,
    remediation: `- Allow addresses from a list of hosts; refuse everything else.
- Resolve the name once, refuse private, loopback and link-local ranges, and connect to the address that was checked.
- Do not follow redirects, or check each one again.
- Keep the service off the metadata service by a network rule.`,
    kind: 'code',
    cwes: [918],
    impact: 'high',
    probability: 'medium',
    tags: ['ssrf'],
  },
  {
    name: 'Cross-site request forgery',
    title: 'Cross-site request forgery in {{asset}}',
    description: `A request that changes something is accepted with the cookie alone. Another site can have the browser of somebody who is logged in send it.

**Where:** the requests that change something without a token.

**Shown by:** a page on another origin that sends the request.`,
    remediation: `- Set session cookies to \`SameSite=Lax\` or \`Strict\`.
- Check \`Origin\` (or \`Sec-Fetch-Site\`) of every request that changes something.
- Where forms are used, carry a token that is bound to the session.
- Never change anything by GET.`,
    kind: 'web',
    cwes: [352],
    impact: 'medium',
    probability: 'medium',
    tags: ['csrf'],
  },
  {
    name: 'Open redirect',
    title: 'Open redirect in {{asset}}',
    description: `A parameter decides where the browser is sent next, and any address is taken. A link that begins with our own name ends on somebody else's page: good bait, and a way to steal login codes.

**Where:** the address and its parameter.

**Shown by:** a link that leaves our site.`,
    remediation: `- Take a path of our own, or a key of a list, instead of a whole address.
- Parse it as the browser does and compare origins; refuse \`//host\`, \`/\\\\host\` and other schemes.
- At logins, compare the return address with those that were registered, letter by letter.`,
    kind: 'web',
    cwes: [601],
    impact: 'low',
    probability: 'medium',
    tags: ['redirect'],
  },
  {
    name: 'Weak TLS',
    title: 'Weak TLS on {{asset}}',
    description: `The server accepts protocol versions or ciphers that no longer protect, or a certificate that browsers should not trust. Somebody on the way can read or change what is sent.

**Where:** host and port.

**Shown by:** the output of the scan of the port.`,
    remediation: `- Accept TLS 1.2 and 1.3 alone, with forward secrecy.
- Renew certificates by themselves, and watch the day they end.
- Redirect HTTP to HTTPS and send \`Strict-Transport-Security\`.`,
    kind: 'configuration',
    cwes: [326, 327],
    impact: 'medium',
    probability: 'low',
    tags: ['tls'],
  },
  {
    name: 'Secret in the repository',
    title: 'Secret in the repository of {{asset}}',
    description: `A password, key or token stands in a file on {{branch}}. Everybody who can read the repository, or ever could, has it; deleting the line does not take it out of the history.

**Where:** file and line. Do not write the secret itself here.

**Opens:** what it gives access to.`,
    remediation: `1. Revoke it where it was made, and make a new one. This comes first.
2. Look through the logs of what it opens for somebody else's use.
3. Keep the new one in the secret store, and hand it in at start.
4. Let a scan of secrets refuse the next one before it is pushed.`,
    kind: 'secret',
    cwes: [798, 540],
    impact: 'high',
    probability: 'medium',
    tags: ['secret'],
  },
  {
    name: 'Missing rate limit',
    title: 'No limit of requests on {{asset}}',
    description: `The same request is answered as often as it is sent. Passwords and codes can be guessed, messages sent by the thousand, or costly work started until nothing else is answered.

**Where:** the address.

**Shown by:** how many requests were answered in which time.`,
    remediation: `- Count by account and by address; answer 429 with \`Retry-After\`.
- Make logins and codes slower with each failure, and tell the owner of the account.
- Limit what one request may cost: sizes, pages, time.`,
    kind: 'web',
    cwes: [307, 770],
    impact: 'medium',
    probability: 'medium',
    tags: ['rate-limit'],
  },
  {
    name: 'Insecure deserialisation',
    title: 'Insecure deserialisation in {{asset}}',
    description: `Bytes from outside are turned back into objects by a mechanism that can call code while it does so. A crafted message runs what its sender wants.

**Where:** the place that reads, and the library it uses.

**Shown by:** a harmless object that left a trace.`,
    remediation: `- Read plain data (JSON with a schema) instead of objects of the language.
- Where that cannot be, allow classes from a list, and sign what goes out and comes back.
- Update the library; switch off its types with known ways through.
- Run the reader with as few rights as it can do with.`,
    kind: 'code',
    cwes: [502],
    impact: 'high',
    probability: 'medium',
    tags: ['deserialisation'],
  },
]
