import type { ReportSource, Scanner } from './scanner.ts'

/** One format that is written in either of two languages. `name` and `title` are those of the one in JSON. */
export function jsonOrXml(json: Scanner, xml: Scanner): Scanner {
  return {
    name: json.name,
    title: json.title,
    recognise: (head) => json.recognise(head) || xml.recognise(head),
    read: async (source, limits) => await ((await isXml(source)) ? xml : json).read(source, limits),
  }
}

async function isXml(source: ReportSource): Promise<boolean> {
  let text = ''
  for await (const chunk of source.open()) {
    text = Buffer.from(chunk.subarray(0, 1024)).toString('latin1').trimStart()
    if (text !== '') break
  }
  return text.startsWith('<')
}
