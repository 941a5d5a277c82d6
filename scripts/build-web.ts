import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const root = resolve(fileURLToPath(new URL('..', import.meta.url)))
const outDir = join(root, 'dist', 'web')
const stamp = join(root, 'dist', '.web-inputs-sha256')
const inputs = ['web', 'contract', 'src/domain', 'package-lock.json']

/** First load allowed for the page, in bytes of compressed JavaScript. */
const firstLoadLimitBytes = 250_000

function listFiles(path: string): string[] {
  if (statSync(path).isFile()) return [path]
  return readdirSync(path, { withFileTypes: true })
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .flatMap((entry) => listFiles(join(path, entry.name)))
}

function hashInputs(): string {
  const hash = createHash('sha256')
  for (const file of inputs.flatMap((input) => listFiles(join(root, input)))) {
    hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex')
}

/** Beside each file its packed forms, which the server hands out to browsers that take them. */
function packFiles(folder: string): void {
  for (const file of listFiles(folder).filter((path) => /\.(js|css|svg|json)$/.test(path))) {
    const content = readFileSync(file)
    if (content.length < 1024) continue
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }))
    writeFileSync(`${file}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }))
  }
}

/** Bytes of compressed JavaScript that the page loads before any screen is chosen: what index.html names. */
function measureFirstLoad(folder: string): number {
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  const scripts = [...html.matchAll(/(?:src|href)="([^"]+\.js)"/g)].flatMap((match) => match[1] ?? [])
  return scripts.reduce((sum, script) => sum + gzipSync(readFileSync(join(folder, script))).length, 0)
}

/**
 * Hashed files of the build before stay for a day: a page opened, or a Weir started, before the new build asks for them.
 */
function keepFormerFiles(aside: string): void {
  const folder = join(outDir, 'static')
  if (!existsSync(folder)) return
  const oldestMs = Date.now() - 24 * 3600 * 1000
  for (const name of readdirSync(folder)) {
    const from = join(folder, name)
    const to = join(aside, 'static', name)
    if (existsSync(to) || statSync(from).mtimeMs < oldestMs) continue
    copyFileSync(from, to)
    const { atime, mtime } = statSync(from)
    utimesSync(to, atime, mtime)
  }
}

/**
 * Builds the page into dist/web unless its inputs are unchanged. Answers the first load in bytes of gzip, or `null`
 * when nothing had to be done. An image that carries only dist/web is left as it is.
 */
export async function ensureWebBuilt(): Promise<number | null> {
  if (!existsSync(join(root, 'web'))) return null
  const hash = hashInputs()
  const built = existsSync(join(outDir, 'index.html')) && existsSync(stamp)
  if (built && readFileSync(stamp, 'utf8') === hash) return null
  // Built aside and moved into place: two starts at once, or a failed build, never leave half a page.
  const aside = join(root, 'dist', `web-${process.pid}`)
  const former = `${aside}-former`
  const { build } = await import('vite')
  try {
    await build({ configFile: join(root, 'web', 'vite.config.ts'), logLevel: 'warn', build: { outDir: aside } })
    packFiles(aside)
    keepFormerFiles(aside)
    rmSync(former, { recursive: true, force: true })
    if (existsSync(outDir)) renameSync(outDir, former)
    renameSync(aside, outDir)
    writeFileSync(stamp, hash)
  } finally {
    rmSync(aside, { recursive: true, force: true })
    rmSync(former, { recursive: true, force: true })
  }
  return measureFirstLoad(outDir)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const bytes = await ensureWebBuilt()
  if (bytes === null) console.log('The page is up to date in dist/web.')
  else {
    console.log(`The page is in dist/web; first load ${(bytes / 1000).toFixed(0)} kB of compressed JavaScript.`)
    if (bytes > firstLoadLimitBytes) {
      console.error(`That is over the limit of ${firstLoadLimitBytes / 1000} kB.`)
      process.exitCode = 1
    }
  }
}
