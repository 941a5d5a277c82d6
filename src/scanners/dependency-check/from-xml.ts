import type { JsonObject } from '../json-fields.ts'
import { attributeOf, childOf, childrenOf, textOf, type XmlElement } from '../xml-element.ts'

/** A field of a dependency as JSON has it. */
export function fieldFromXml(element: XmlElement): unknown {
  switch (element.name) {
    case 'identifiers':
      return element.children
        .filter(({ name }) => !name.startsWith('suppressed'))
        .map((one) => ({
          id: textOf(one, 'id'),
          name: textOf(one, 'name'),
          type: attributeOf(one, 'type'),
          confidence: attributeOf(one, 'confidence'),
        }))
    case 'relatedDependencies':
      return childrenOf(element, 'relatedDependency').map((one) => ({
        filePath: textOf(one, 'filePath'),
        fileName: textOf(one, 'fileName'),
      }))
    default:
      return element.text
  }
}

/** A vulnerability as JSON has it. */
export function vulnerabilityFromXml(element: XmlElement): JsonObject {
  return {
    name: textOf(element, 'name'),
    severity: textOf(element, 'severity'),
    description: textOf(element, 'description'),
    notes: textOf(element, 'notes'),
    cwe: textOf(element, 'cwe'),
    cwes: childrenOf(childOf(element, 'cwes'), 'cwe').map((one) => one.text),
    cvssScore: textOf(element, 'cvssScore'),
    cvssV2: textsOf(childOf(element, 'cvssV2')),
    cvssV3: textsOf(childOf(element, 'cvssV3')),
    cvssV4: textsOf(childOf(element, 'cvssV4')),
    references: childrenOf(childOf(element, 'references'), 'reference').map((one) => ({ url: textOf(one, 'url') })),
  }
}

function textsOf(element: XmlElement | undefined): JsonObject {
  return Object.fromEntries((element?.children ?? []).map((one) => [one.name, one.text.trim()]))
}
