import { xmlFormat } from '../define-format.ts'
import { attributeOf, childOf, childrenOf, textOf, type XmlElement } from '../xml-element.ts'
import { type Field, readAlert } from './alert.ts'
import { type Context, countUnlisted, describeUnread, newContext, toTools } from './context.ts'
import { type Instance, learnInstance, listInstances, toResult } from './instance.ts'

/** Recorded traffic, which may be of any length. */
const exchangeFields = new Set(['requestheader', 'requestbody', 'responseheader', 'responsebody'])

export const zapXml = xmlFormat<Context>({
  name: 'zap',
  title: 'ZAP',
  recognise: (head) => /^\s*</.test(head) && /<OWASPZAPReport[\s>]/.test(head),
  wish: (path) => {
    if (path.at(-1) === 'alertitem') return 'take'
    return path.length === 1 || path[1] === 'site' ? 'enter' : 'skip'
  },
  isHollow: (name) => exchangeFields.has(name),
  isResult: (path) => path.at(-1) === 'alertitem',
  newContext,
  learn: (context, { path, value, at }) => {
    if (path.length === 1) context.version = attributeOf(value, 'version') ?? null
    else if (path.length === 2) context.sites.set(at, attributeOf(value, 'name') ?? attributeOf(value, 'host') ?? '')
    else if (path.at(-1) === 'alertitem') {
      const instances = readInstances(context, value, at)
      for (const instance of instances) learnInstance(context.problems, instance)
      const listed = instancesOf(value)
      if (instances[0] !== undefined) countUnlisted(context, instances[0].alert, listed.length)
      for (const one of [value, ...listed])
        context.exchanges += one.children.filter(({ name }) => exchangeFields.has(name)).length
    }
  },
  tools: toTools,
  unread: describeUnread,
  read: (value, context, _, at) =>
    readInstances(context, value, at).map((instance) => toResult(context.problems, instance)),
})

function instancesOf(item: XmlElement): XmlElement[] {
  return childrenOf(childOf(item, 'instances'), 'instance')
}

function readInstances({ sites }: Context, item: XmlElement, at: number): Instance[] {
  const own = fieldOf(item)
  const site = [...sites].findLast(([begin]) => begin < at)?.[1] ?? ''
  return listInstances(readAlert(own), { fields: instancesOf(item).map(fieldOf), own, site, at })
}

function fieldOf(element: XmlElement): Field {
  return (name) => textOf(element, name) ?? ''
}
