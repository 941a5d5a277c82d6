import { copyFileSync, linkSync, mkdirSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Copies a bare repository; its objects never change, so they are linked. Synchronous: quicker than many small promises. */
export function templateCopier(template: string): (directory: string) => void {
  const entries = readdirSync(template, { recursive: true, withFileTypes: true }).map((entry) => ({
    path: relative(template, join(entry.parentPath, entry.name)),
    isFolder: entry.isDirectory(),
  }))
  const folders = entries.filter((one) => one.isFolder).map((one) => one.path)
  const files = entries.filter((one) => !one.isFolder).map((one) => one.path)
  return (directory) => {
    mkdirSync(directory)
    for (const folder of folders) mkdirSync(join(directory, folder), { recursive: true })
    for (const file of files) {
      const copy = file.startsWith('objects') ? linkSync : copyFileSync
      copy(join(template, file), join(directory, file))
    }
  }
}
