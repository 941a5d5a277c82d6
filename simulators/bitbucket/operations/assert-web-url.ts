import { badRequest } from '../simulator-error.ts'

/** Throws 400 for what is no whole address of the web: `javascript:` and the like must never become a link. */
export function assertWebUrl(field: string, value: unknown): void {
  const isWeb = typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
  if (!isWeb) throw badRequest('Bad request', { [field]: ['Enter a valid URL.'] })
}
