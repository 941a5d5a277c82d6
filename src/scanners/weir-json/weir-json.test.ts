import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { weirJson } from './index.ts'

const example = readFileSync(new URL('example.json', import.meta.url), 'utf8')
const docs = readFileSync(new URL('../../../docs/own-findings.md', import.meta.url), 'utf8')
const report = (findings: unknown, more: object = {}) =>
  JSON.stringify({ format: 'weir', version: 1, findings, ...more })
const read = (text: string) => readText(weirJson, text)

test('keeps what every format must keep', async () => {
  expect(
    await findBreaches(weirJson, [
      { name: 'the example', text: example, results: 3 },
      { name: 'none', text: report([]), results: 0 },
    ]),
  ).toEqual([])
}, 30_000)

test('reads the example of its documentation', async () => {
  expect(docs).toContain(example.trim())
  const { findings, tools, unread, commit } = await read(example)
  expect(tools).toEqual([{ name: 'Threat model', version: '2026-03', problem: null }])
  expect([unread, commit]).toEqual([[], '4f9c0a77e1d20b1c2d3e4f5061728394a5b6c7d8'])
  expect(findings).toMatchObject([
    {
      kind: 'configuration',
      scanner: 'Threat model',
      ruleId: 'TM-7',
      resource: 'aws_s3_bucket.invoices',
      path: 'infra/storage.tf',
      startLine: 12,
      cwes: [732],
    },
    { kind: 'web', severity: 'critical', endpoint: { path: '/api/orders', method: 'POST', parameter: 'price' } },
    {
      kind: 'dependency',
      ruleId: 'CVE-2025-12345',
      package: { ecosystem: 'npm', name: 'left-parse', version: '1.2.0' },
      fixedIn: '1.2.9',
      suppressed: 'Only trusted files are parsed',
    },
  ])
})

test('numbers may be texts, keys of any case, the tool behind its findings or with each of them', async () => {
  const fog = { Title: 'Fog', SEVERITY: 'High', Line: '7', file: 'a.ts' }
  const { findings, tools } = await read(report([fog, { ...fog, tool: 'Other' }], { tool: 'Review' }))
  expect(findings).toMatchObject([
    { scanner: 'Review', startLine: 7 },
    { scanner: 'Other', startLine: 7 },
  ])
  expect(tools.map(({ name }) => name)).toEqual(['Review', 'Other'])
  expect((await read(report([{ ...fog, tool: 'Other' }]))).tools.map(({ name }) => name)).toEqual(['Other'])
})

test('findings that cannot be read are told all at once; fields nobody knows are told', async () => {
  await expect(read(report([{ title: 'Fog' }, 7, { title: 'Fog', severity: 'high' }]))).rejects.toThrow(
    /2 findings cannot be read: finding 1 has no severity; finding 2 has no title\./,
  )
  await expect(read(report([], { version: 2 }))).rejects.toThrow(/its version is 2/)
  const { unread } = await read(report([{ title: 'Fog', severity: 'high', berth: 4 }]))
  expect(unread).toEqual(['1 field that Weir does not know: berth.'])
})
