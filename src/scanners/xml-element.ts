/** An element of XML with everything in it. Names are without their namespace prefix. */
export type XmlElement = {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  /** Its own text, without that of its children. */
  readonly text: string
}

/** The first child of that name. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name)
}

export function childrenOf(element: XmlElement | undefined, name: string): XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? []
}

/** The text of the element, or of the one that names lead to from it; undefined when it is blank or not there. */
export function textOf(element: XmlElement | undefined, ...names: readonly string[]): string | undefined {
  const text = names.reduce(childOf, element)?.text.trim()
  return text === '' ? undefined : text
}

export function attributeOf(element: XmlElement | undefined, name: string): string | undefined {
  const value = element?.attributes.get(name)?.trim()
  return value === '' ? undefined : value
}
