import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** A SARIF report of `count` results that look like those of a static analyser: 60 rules, a few results a file, a snippet each. */
export function generateReport(count: number): Buffer {
  return Buffer.from([...partsOf(count)].join(''))
}

/** The same into a file, without being in memory as a whole. */
export async function writeReport(path: string, count: number): Promise<void> {
  await pipeline(Readable.from(partsOf(count)), createWriteStream(path))
}

function* partsOf(count: number): Generator<string> {
  const rules = Array.from({ length: 60 }, (_, index) => ({
    id: `bench/rule-${index}`,
    shortDescription: { text: `Rule ${index} of the bench` },
    fullDescription: { text: `What rule ${index} finds may be harmful. ${'It should be looked at. '.repeat(8)}` },
    defaultConfiguration: { level: index % 3 === 0 ? 'error' : 'warning' },
    properties: {
      tags: ['security', `external/cwe/cwe-${20 + index}`],
      'security-severity': String((index % 100) / 10),
    },
  }))
  yield `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Bench","version":"1.0","rules":${JSON.stringify(rules)}}},"results":[`
  for (let index = 0; index < count; index++) yield `${index === 0 ? '' : ','}${JSON.stringify(resultOf(index))}`
  yield ']}]}'
}

function resultOf(index: number) {
  const rule = index % 60
  const line = 10 + (index % 400)
  return {
    ruleId: `bench/rule-${rule}`,
    ruleIndex: rule,
    message: { text: `The value that comes from the request reaches statement ${index} unchecked.` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: {
            uri: `src/module-${Math.floor(index / 200)}/file-${Math.floor(index / 7)}.ts`,
            uriBaseId: '%SRCROOT%',
          },
          region: {
            startLine: line,
            startColumn: 5,
            endLine: line + 1,
            snippet: { text: `  const row${index} = await db.query(request.body.field${index})` },
          },
        },
      },
    ],
    partialFingerprints: { 'primaryLocationLineHash/v1': `${(index * 2_654_435_761) >>> 0}:1` },
  }
}
