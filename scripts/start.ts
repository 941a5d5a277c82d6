import { ensureWebBuilt } from './build-web.ts'

// A fresh clone has no page yet; an image that carries only dist/web is left as it is.
await ensureWebBuilt()
await import('../src/main.ts')
