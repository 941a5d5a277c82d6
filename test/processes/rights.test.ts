import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { killLeftProcesses, launchWeir, runToEnd, until } from './weir-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-rights-'))
afterAll(async () => {
  await killLeftProcesses()
  rmSync(folder, { recursive: true, force: true })
})

/** A process that takes no right away from the files it makes. */
const generous = ['--import', 'data:text/javascript,process.umask(0)']
const rightsOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

it('whatever Weir makes is for its user alone, also where the system would give it to everybody', async () => {
  const data = join(folder, 'data')
  const environment = { WEIR_DATA_FOLDER: data, WEIR_PORT: '0' }
  const weir = launchWeir(environment, [...generous, 'src/main.ts'])
  await until('Weir to run', () => weir.output().includes('Weir is running'))
  const report = join(folder, 'scan.sarif')
  writeFileSync(report, '{}')
  // Refused, but read on the way: the folder for uploads is there now.
  await runToEnd([...generous, 'src/cli.ts', 'import', report, '--asset', 'quay'], environment)
  const backup = join(folder, 'weir.backup')
  const made = await runToEnd([...generous, 'src/cli.ts', 'backup', backup], environment)
  expect(made.code).toBe(0)
  // Where root has no user namespaces, the server's own group passes through.
  const passable = expect.stringMatching(/^7[01]0$/)
  expect(rightsOf(data)).toEqual(passable)
  const rights = Object.fromEntries(readdirSync(data).map((name) => [name, rightsOf(join(data, name))]))
  expect(rights).toMatchObject({ postgres: passable, 'secret.key': '600', 'server.lock': '600' })
  expect(Object.values(rights).filter((one) => !/^\d[01]0$/.test(one))).toEqual([])
  expect(rightsOf(backup)).toBe('600')
  weir.child.kill('SIGTERM')
  expect(await weir.ended).toBe(0)
})
