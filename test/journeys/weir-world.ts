import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { ensureWebBuilt } from '../../scripts/build-web.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from '../../simulators/bitbucket/simulator.ts'
import { type FileLock, tryFileLock } from '../../src/lib/file-lock.ts'
import { createTestApp, type TestApp } from '../app.ts'
import { createTestDatabase } from '../database.ts'
import { type PageWatch, watchPages } from './page-watch.ts'

/** A person at a browser of their own: own cookies, own storage. */
export type Person = PageWatch & { page: Page; leave: () => Promise<void> }

/** A simulated Bitbucket, a whole Weir beside it, and a browser; nothing is set up yet. */
export type WeirWorld = {
  simulator: Simulator
  readonly weir: TestApp
  /** Address of Weir as people type it. */
  url: string
  comeIn: (options?: BrowserContextOptions) => Promise<Person>
  /** The server goes away; its data stay. */
  stopWeir: () => Promise<void>
  /** It comes back at the same address. */
  startWeir: () => Promise<void>
  close: () => Promise<void>
}

const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']

/** `CHROMIUM_PATH` names another Chromium than Debian's. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
  return await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', ...quiet] })
}

/** Nothing on a page may take longer than this; then the journey fails with what it waited for. Milliseconds. */
const patienceMs = 10_000

export async function comeInTo(browser: Browser, options: BrowserContextOptions = {}): Promise<Person> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  })
  context.setDefaultTimeout(patienceMs)
  const watch = watchPages(context)
  return { ...watch, page: await context.newPage(), leave: async () => context.close() }
}

/** The built page, copied: a build beside the journey replaces the files of the one place. */
async function keepBuiltPage(): Promise<string> {
  // One at a time: journeys that begin together would each build it anew, and copy what another is replacing.
  const lock = await waitForLock(join(tmpdir(), 'weir-page.lock'))
  try {
    await ensureWebBuilt()
    const folder = await mkdtemp(join(tmpdir(), 'weir-page-'))
    await cp(resolve(import.meta.dirname, '..', '..', 'dist', 'web'), folder, { recursive: true })
    return folder
  } finally {
    lock.release()
  }
}

async function waitForLock(path: string): Promise<FileLock> {
  for (;;) {
    const lock = tryFileLock(path, 'exclusive')
    if (lock !== undefined) return lock
    await new Promise((later) => setTimeout(later, 100))
  }
}

export type WeirWorldOptions = SimulatorOptions & { isDemo?: boolean }

export async function openWeirWorld({ isDemo = false, ...options }: WeirWorldOptions): Promise<WeirWorld> {
  const webFolder = await keepBuiltPage()
  const simulator = await startSimulator({ repositories: 2, control: true, ...options })
  const database = await createTestDatabase({ poolSize: 8 })
  const secretKeys = [randomBytes(32)]
  const start = async (port: number) =>
    createTestApp({
      webFolder,
      database,
      config: {
        roles: ['web', 'worker'],
        port,
        secretKeys,
        isDemo,
        allowedPrivateAddresses: ['127.0.0.0/8', '::1/128'],
        bitbucketApiUrl: simulator.api,
        bitbucketWebUrl: simulator.web,
      },
    })
  let weir = await start(0)
  const url = weir.app.publicUrl
  simulator.setCallbackUrl(`${url}/oauth/bitbucket/callback`)
  const browser = await openBrowser()
  return {
    simulator,
    get weir() {
      return weir
    },
    url,
    comeIn: async (given) => comeInTo(browser, given),
    stopWeir: async () => weir.close(),
    startWeir: async () => void (weir = await start(Number(new URL(url).port))),
    close: async () => {
      await browser.close()
      await weir.close()
      await database.close()
      await simulator.close()
      await rm(webFolder, { recursive: true, force: true })
    },
  }
}
