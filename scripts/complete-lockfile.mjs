// Makes package-lock.json whole after `npm install` on a registry mirror that serves one platform only:
// npm then leaves the other platforms' optional packages out, and its own `npm ci` refuses the result.
// The entries added carry the exact version the parent asks for, and the platform that needs them.
// Run it after every change of the dependencies: node scripts/complete-lockfile.mjs
import { readFileSync, writeFileSync } from 'node:fs'

const file = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8'))
const systems = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32', 'aix']
const processors = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 'riscv64', 's390x', 'loong64', 'wasm32']

function platformOf(name) {
  if (name === 'fsevents') return { os: ['darwin'] }
  const words = name.split(/[/-]/)
  const os = words.filter((word) => systems.includes(word))
  const cpu = words.filter((word) => processors.includes(word))
  if (words.includes('wasm32')) return { cpu: ['wasm32'] }
  if (words.includes('universal')) return { os }
  return { os, ...(cpu.length > 0 ? { cpu } : {}) }
}

for (const [path, entry] of Object.entries(lock.packages)) {
  if (path === '') continue
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const present = Object.keys(lock.packages).some(
      (key) => key === `node_modules/${name}` || key === `${path}/node_modules/${name}`,
    )
    if (present) continue
    lock.packages[`node_modules/${name}`] = {
      version: range.replace(/^[\^~]/, ''),
      ...platformOf(name),
      ...(entry.dev ? { dev: true } : {}),
      optional: true,
    }
  }
}
const [root, ...rest] = Object.keys(lock.packages)
lock.packages = Object.fromEntries(
  [root, ...rest.toSorted((a, b) => (a < b ? -1 : 1))].map((key) => [key, lock.packages[key]]),
)
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
