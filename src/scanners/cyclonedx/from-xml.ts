import type { JsonObject } from '../json-fields.ts'
import { attributeOf, childOf, childrenOf, textOf, type XmlElement } from '../xml-element.ts'

/** A vulnerability of CycloneDX in XML, or of the older extension of 1.2 and 1.3, in the shape it has in JSON. */
export function vulnerabilityFromXml(element: XmlElement): JsonObject {
  const { name, url } = readSource(childOf(element, 'source'))
  const analysis = childOf(element, 'analysis')
  return {
    id: textOf(element, 'id'),
    source: { name, url },
    references: inside(element, 'references').map((one) => ({ id: textOf(one, 'id') })),
    ratings: inside(element, 'ratings').map(readRating),
    cwes: inside(element, 'cwes').map((one) => one.text),
    description: textOf(element, 'description'),
    detail: textOf(element, 'detail'),
    recommendation: textOf(element, 'recommendation') ?? textOf(element, 'recommendations', 'recommendation'),
    workaround: textOf(element, 'workaround'),
    advisories: inside(element, 'advisories').map((one) => ({ url: textOf(one, 'url') ?? one.text.trim() })),
    rejected: textOf(element, 'rejected'),
    analysis: {
      state: textOf(analysis, 'state'),
      justification: textOf(analysis, 'justification'),
      detail: textOf(analysis, 'detail'),
    },
    affects: readAffects(element),
  }
}

/** Properties of a component as JSON has them. */
export function propertiesFromXml(element: XmlElement): JsonObject[] {
  return childrenOf(element, 'property').map((one) => ({ name: attributeOf(one, 'name'), value: one.text.trim() }))
}

/** Tools as JSON has them: a list, or since 1.5 components. */
export function toolsFromXml(element: XmlElement): JsonObject[] {
  const all = [...childrenOf(element, 'tool'), ...inside(element, 'components'), ...inside(element, 'services')]
  return all.map((one) => ({ name: textOf(one, 'name'), version: textOf(one, 'version') }))
}

function inside(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return childOf(element, name)?.children ?? []
}

/** The extension has the name of the database as an attribute. */
function readSource(source: XmlElement | undefined): { name: string | undefined; url: string | undefined } {
  return { name: textOf(source, 'name') ?? attributeOf(source, 'name'), url: textOf(source, 'url') }
}

function readRating(rating: XmlElement): JsonObject {
  return {
    source: readSource(childOf(rating, 'source')),
    score: textOf(rating, 'score') ?? textOf(rating, 'score', 'base'),
    severity: textOf(rating, 'severity'),
    method: textOf(rating, 'method'),
    vector: textOf(rating, 'vector'),
  }
}

/** The extension names at most one component, in an attribute. */
function readAffects(element: XmlElement): JsonObject[] {
  const targets = inside(element, 'affects')
  const ref = attributeOf(element, 'ref')
  if (targets.length === 0) return ref === undefined ? [] : [{ ref }]
  return targets.map((target) => ({
    ref: textOf(target, 'ref'),
    versions: inside(target, 'versions').map((one) => ({
      version: textOf(one, 'version'),
      range: textOf(one, 'range'),
      status: textOf(one, 'status'),
    })),
  }))
}
