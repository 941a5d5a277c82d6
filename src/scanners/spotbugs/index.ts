import { countOf } from '../count-of.ts'
import { xmlFormat } from '../define-format.ts'
import { htmlToText } from '../html-to-text.ts'
import { readWhole } from '../json-fields.ts'
import { readCwes } from '../read-cwes.ts'
import { attributeOf, textOf, type XmlElement } from '../xml-element.ts'
import type { XmlPath, XmlWish } from '../xml-slicer.ts'
import { type Patterns, toResult } from './to-result.ts'

type Context = { patterns: Patterns; version: string | null; errors: number; missingClasses: number }

/**
 * SpotBugs's XML, with or without messages, and that of FindBugs and Find Security Bugs:
 * https://github.com/spotbugs/spotbugs/blob/master/spotbugs/etc/bugcollection.xsd
 */
export const spotbugs = xmlFormat<Context>({
  name: 'spotbugs',
  title: 'SpotBugs',
  recognise: (head) => /<BugCollection[\s>/]/.test(head),
  wish,
  isResult: ([, name]) => name === 'BugInstance',
  newContext: () => ({ patterns: new Map(), version: null, errors: 0, missingClasses: 0 }),
  learn,
  tools: ({ version, errors }) => [
    { name: 'SpotBugs', version, problem: errors === 0 ? null : 'SpotBugs could not analyse some of the classes' },
  ],
  unread: ({ errors, missingClasses }) => [
    ...(errors === 0 ? [] : [`SpotBugs met ${countOf(errors, 'error')} while it analysed the classes.`]),
    ...(missingClasses === 0
      ? []
      : [`SpotBugs missed ${missingClasses === 1 ? '1 class' : `${missingClasses} classes`} that others refer to.`]),
  ],
  read: (value, { patterns }) => [toResult(value, patterns)],
})

function wish([, name, ...rest]: XmlPath): XmlWish {
  if (name === undefined) return 'enter'
  if (name === 'BugInstance' || name === 'BugPattern') return 'take'
  return name === 'Errors' && rest.length === 0 ? 'enter' : 'skip'
}

function learn(context: Context, { path: [root, name], value }: { path: XmlPath; value: XmlElement }): void {
  if (name === undefined && root === 'BugCollection') context.version = attributeOf(value, 'version') ?? null
  else if (name === 'BugPattern') {
    const type = attributeOf(value, 'type') ?? ''
    context.patterns.set(type, {
      title: textOf(value, 'ShortDescription') ?? type,
      description: htmlToText(textOf(value, 'Details') ?? ''),
      cwes: readCwes(attributeOf(value, 'cweid')),
    })
  } else if (name === 'Errors') {
    context.errors = readCount(value, 'errors')
    context.missingClasses = readCount(value, 'missingClasses')
  }
}

function readCount(element: XmlElement, name: string): number {
  return readWhole(Number(attributeOf(element, name) ?? 0)) ?? 0
}
