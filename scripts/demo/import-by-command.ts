import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..', '..')

/** `weir import FILE --asset KEY --url … `, as a pipeline would run it; the token stays out of the command line. */
export async function importByCommand(input: {
  baseUrl: string
  token: string
  asset: string
  report: string
}): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-demo-'))
  try {
    const file = join(folder, `${input.asset}.sarif`)
    await writeFile(file, input.report)
    const args = ['src/cli.ts', 'import', file, '--asset', input.asset, '--url', input.baseUrl, '--json']
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, WEIR_TOKEN: input.token },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
    const code = await new Promise<number | null>((done) => child.once('exit', done))
    if (code !== 0) throw new Error(`weir import ended with ${code}: ${output.slice(-500)}`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
