import { jsonFormat } from '../define-format.ts'
import { type JsonObject, readList, readObject } from '../json-fields.ts'
import type { JsonPath, Wish } from '../json-slicer.ts'
import { type Field, readAlert } from './alert.ts'
import { type Context, countUnlisted, describeUnread, newContext, toTools } from './context.ts'
import { type Instance, learnInstance, listInstances, toResult } from './instance.ts'

const exchangeFields = ['request-header', 'request-body', 'response-header', 'response-body']

export const zapJson = jsonFormat<Context>({
  name: 'zap',
  title: 'ZAP',
  recognise: (head) =>
    /^\s*\{/.test(head) &&
    /"site"\s*:/.test(head) &&
    (/"@?programName"\s*:\s*"(OWASP )?ZAP"/i.test(head) ||
      (/"@version"\s*:/.test(head) && /"@generated"\s*:/.test(head)) ||
      (/"pluginid"\s*:/.test(head) && /"riskcode"\s*:/.test(head))),
  wish,
  isResult: isAlert,
  newContext,
  learn: (context, { path, value, at }) => {
    if (path[0] === '@version') context.version = toText(value) || null
    else if (!isAlert(path)) context.sites.set(siteNumber(path), toText(value))
    else {
      const instances = readInstances(context, value, { path, at })
      for (const instance of instances) learnInstance(context.problems, instance)
      const listed = readList(readObject(value)['instances'])
      if (instances[0] !== undefined) countUnlisted(context, instances[0].alert, listed.length)
      for (const one of listed)
        context.exchanges += exchangeFields.filter((name) => toText(readObject(one)[name]) !== '').length
    }
  },
  tools: toTools,
  unread: describeUnread,
  read: (value, context, path, at) =>
    readInstances(context, value, { path, at }).map((instance) => toResult(context.problems, instance)),
})

/** `site` is a list, and in some versions, where there is one, an object. */
function wish(path: JsonPath): Wish {
  if (path.length === 0) return 'enter'
  if (path[0] === '@version') return path.length === 1 ? 'take' : 'skip'
  if (path[0] !== 'site') return 'skip'
  const last = path.at(-1)
  if (isAlert(path) || last === '@name') return 'take'
  return last === 'site' || last === 'alerts' || (path.length === 2 && typeof last === 'number') ? 'enter' : 'skip'
}

function isAlert(path: JsonPath): boolean {
  return path[0] === 'site' && path.at(-2) === 'alerts' && typeof path.at(-1) === 'number'
}

function siteNumber([, number]: JsonPath): number {
  return typeof number === 'number' ? number : 0
}

function readInstances(context: Context, value: unknown, { path, at }: { path: JsonPath; at: number }): Instance[] {
  const own = fieldOf(readObject(value))
  const fields = readList(readObject(value)['instances']).map((one) => fieldOf(readObject(one)))
  return listInstances(readAlert(own), { fields, own, site: context.sites.get(siteNumber(path)) ?? '', at })
}

function fieldOf(object: JsonObject): Field {
  return (name) => toText(object[name])
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' || value === true ? String(value) : ''
}
