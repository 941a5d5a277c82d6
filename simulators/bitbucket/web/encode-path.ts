/** A file path or ref as part of an address: everything but the slashes is encoded. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}
