import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import { spotbugs } from './index.ts'

const line = (start: number, more = '') =>
  `<SourceLine classname="port.Quay" start="${start}" end="${start}" sourcefile="Quay.java" sourcepath="port/Quay.java"${more}/>`
const bug = ({ attributes = '', inside = line(12, ' primary="true"'), priority = ' priority="1"' } = {}) =>
  `<BugInstance type="SQL_FOG"${priority} rank="12" abbrev="SECFOG" category="SECURITY" instanceHash="abc1" instanceOccurrenceNum="0" instanceOccurrenceMax="0"${attributes}>
    <ShortMessage>Fog in a query</ShortMessage><LongMessage>Fog may come into this query</LongMessage>
    <Class classname="port.Quay" primary="true">${line(1)}</Class>
    <Method classname="port.Quay" name="land" signature="()V" isStatic="false" primary="true">${line(10)}</Method>
    ${inside}</BugInstance>`
const report = (bugs: string, errors = '<Errors errors="0" missingClasses="0"/>') =>
  `<?xml version="1.0" encoding="UTF-8"?>
<BugCollection version="4.8.6" sequence="0" timestamp="1" analysisTimestamp="2" release="">
  <Project projectName="harbour"><Jar>/tmp/x/classes</Jar></Project>
  ${bugs}
  <BugPattern type="SQL_FOG" abbrev="SECFOG" category="SECURITY" cweid="89"><ShortDescription>Fog</ShortDescription><Details>&lt;p&gt;Fog is &lt;b&gt;bad&lt;/b&gt;.&lt;/p&gt;</Details></BugPattern>
  ${errors}
</BugCollection>`
const bare = '<BugCollection version="3.1.0"><BugInstance type="SQL_FOG" rank="3"></BugInstance></BugCollection>'

test('keeps what every format must keep', async () => {
  expect(
    await findBreaches(spotbugs, [
      { name: 'two', text: report(bug() + bug()), results: 2 },
      { name: 'none', text: report(''), results: 0 },
      { name: 'bare', text: bare, results: 1 },
    ]),
  ).toEqual([])
}, 20_000)

test('a bug is known by its hash, at its own line, and described by its pattern', async () => {
  const { findings } = await readText(
    spotbugs,
    report(bug() + bug({ inside: line(30) + line(31, ' role="SOURCE_LINE_ANOTHER_INSTANCE"') })),
  )
  expect(findings).toMatchObject([
    {
      ruleId: 'SQL_FOG',
      title: 'Fog in a query',
      message: 'Fog may come into this query\nIn port.Quay.land',
      description: 'Fog is bad.',
      severity: 'high',
      cwes: [89],
      path: 'port/Quay.java',
      startLine: 12,
      fingerprint: 'abc1',
      helpUri: 'https://find-sec-bugs.github.io/bugs.htm#SQL_FOG',
      suppressed: null,
    },
    { startLine: 30, otherPlaces: [{ path: 'port/Quay.java', line: 31, message: 'SOURCE_LINE_ANOTHER_INSTANCE' }] },
  ])
})

test('where there is no line, the method or class has one; where there is no priority, the rank counts', async () => {
  const { findings } = await readText(spotbugs, report(bug({ inside: '', priority: '' })))
  expect(findings).toMatchObject([{ startLine: 10, severity: 'medium' }])
  expect((await readText(spotbugs, bare)).findings).toMatchObject([
    { title: 'SQL_FOG', severity: 'high', path: null, fingerprint: null },
  ])
})

test('what people put aside is suppressed, what is only remembered is skipped', async () => {
  const aside = '<UserAnnotation designation="NOT_A_BUG" user="ann">no fog here</UserAnnotation>'
  const { steps, findings } = await readText(
    spotbugs,
    report(
      bug({ inside: aside }) +
        bug({ inside: aside.replace('NOT_A_BUG', 'MUST_FIX') }) +
        bug({ attributes: ' last="3"' }),
    ),
  )
  expect(steps).toEqual(['finding', 'finding', 'fixed'])
  expect(findings.map(({ suppressed }) => suppressed)).toEqual(['no fog here', null])
})

test('errors of the analysis are said, and then nothing is proved gone; missing classes are ordinary', async () => {
  const { tools, unread } = await readText(
    spotbugs,
    report('', '<Errors errors="2" missingClasses="1"><MissingClass>x.Y</MissingClass></Errors>'),
  )
  expect(tools).toEqual([
    { name: 'SpotBugs', version: '4.8.6', problem: 'SpotBugs could not analyse some of the classes' },
  ])
  expect(unread).toEqual([
    'SpotBugs met 2 errors while it analysed the classes.',
    'SpotBugs missed 1 class that others refer to.',
  ])
})

describe.runIf(mustReadRealReports)('real reports', () => {
  test('spotbugs/many.xml', async () => {
    const { format, count, findings } = await readRealReport('spotbugs/many.xml')
    expect(format).toBe('spotbugs')
    expect(count).toEqual({ results: 83, taken: 83, suppressed: 0, skipped: {} })
    expect(
      findings.every(({ path, startLine, description }) => path !== null && startLine !== null && description !== ''),
    ).toBe(true)
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(81)
  })
})
