import { afterAll, expect, it } from 'vitest'
import { killLeftProcesses, launchWeir } from './weir-process.ts'

afterAll(killLeftProcesses)

it('ends without a word when who reads it, as head does, has had enough', async () => {
  const { child, output, ended } = launchWeir({}, ['src/cli.ts', '--help'])
  child.stdout?.destroy()
  expect(await ended).toBe(0)
  expect(output()).toBe('')
})
