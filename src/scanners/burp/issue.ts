import type { Endpoint } from '../../domain/finding-identity.ts'
import { htmlToText } from '../html-to-text.ts'
import { makeFinding } from '../make-finding.ts'
import { type Rating, rateFinding } from '../rate-finding.ts'
import { readCwes } from '../read-cwes.ts'
import type { ReportFinding } from '../scanner.ts'
import { toEndpoint } from '../to-endpoint.ts'
import { childOf, textOf, type XmlElement } from '../xml-element.ts'

export type Issue = {
  ruleId: string
  title: string
  message: string
  description: string
  rating: Rating
  suppressed: string | null
  cwes: number[]
  helpUri: string | null
  address: string
  endpoint: Endpoint
}

/** All extensions share this type; what they found has but its name. */
const extensionType = '134217728'

export function readIssue(issue: XmlElement): Issue {
  const text = (name: string): string => textOf(issue, name) ?? ''
  const html = (name: string): string => htmlToText(text(name))
  const [type, title] = [text('type'), text('name') || 'Issue without a name']
  const items = childOf(issue, 'issueDetailItems')?.children.map((item) => `- ${htmlToText(item.text)}`) ?? []
  const links = `${html('references')}\n${html('vulnerabilityClassifications')}`
  const word = text('severity')
  const { path, parameter } = splitLocation(text('location') || text('path'))
  const address = `${text('host')}${path}`
  return {
    ruleId: type === extensionType || type === '' ? [type, title].filter((part) => part !== '').join(':') : type,
    title,
    message: join([
      html('issueDetail'),
      items.join('\n'),
      text('confidence') && `Confidence: ${text('confidence')}`,
      html('remediationDetail'),
    ]),
    description: join([html('issueBackground'), html('remediationBackground')]),
    rating: rateFinding({ word, otherwise: 'notification' }),
    suppressed: /^false[ _-]?positive$/i.test(word) ? 'marked as a false positive in Burp' : null,
    cwes: readCwes(html('vulnerabilityClassifications')),
    helpUri: /https?:\/\/[^\s<>"')]{1,900}/.exec(links)?.[0] ?? null,
    address,
    endpoint: toEndpoint(address, { parameter }),
  }
}

/** `/ships.php [id parameter]`: the place is the page where it is weak, which may be another than the one that was asked for. */
function splitLocation(location: string): { path: string; parameter: string } {
  const at = location.lastIndexOf(' [')
  if (at === -1 || !location.endsWith(']')) return { path: location, parameter: '' }
  return { path: location.slice(0, at), parameter: location.slice(at + 2, -1).replace(/ parameter$/, '') }
}

export function keyOf({ ruleId, suppressed, endpoint: { origin, path, parameter } }: Issue): string[] {
  return [ruleId, suppressed ?? '', origin, path, parameter]
}

export function toFinding(issue: Issue, count: number): ReportFinding {
  const { ruleId, title, message, description, rating, suppressed, cwes, helpUri, endpoint } = issue
  const more = count === 1 ? '' : `Burp reports ${count} of this type here.`
  return makeFinding({
    kind: 'web',
    scanner: 'Burp',
    ruleId,
    title,
    message: join([message, more]),
    description,
    ...rating,
    suppressed,
    cwes,
    helpUri,
    endpoint,
  })
}

function join(texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join('\n\n')
}
