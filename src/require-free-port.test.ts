import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'
import { createLog } from './lib/log.ts'

it('a start on a port that is in use says so in one sentence before it makes anything', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-port-'))
  const other = createServer()
  await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening))
  try {
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const data = join(folder, 'data')
    const config = readConfig({ WEIR_DATA_FOLDER: data, WEIR_PORT: String(port) })
    await expect(createApp(config, { log: createLog({ level: 'silent' }) })).rejects.toMatchObject({
      code: 'unavailable',
      detail: `Port ${port} of 127.0.0.1 is in use. Stop what uses it, or set WEIR_PORT.`,
    })
    expect(existsSync(data)).toBe(false)
  } finally {
    other.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
