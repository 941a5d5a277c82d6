import type { ReportSource, Scanner } from './scanner.ts'

/** One format in JSON that is written as one list, or as objects one after the other. `name` and `title` are those of `lines`. */
export function listOrLines(list: Scanner, lines: Scanner): Scanner {
  return {
    name: lines.name,
    title: lines.title,
    recognise: (head) => (/^\s*\[/.test(head) ? list : lines).recognise(head),
    read: async (source, limits) => await ((await isList(source)) ? list : lines).read(source, limits),
  }
}

async function isList(source: ReportSource): Promise<boolean> {
  for await (const chunk of source.open()) {
    const start = Buffer.from(chunk.subarray(0, 1024)).toString('latin1').trimStart()
    if (start !== '') return start.startsWith('[')
  }
  return false
}
