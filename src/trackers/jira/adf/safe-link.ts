/** Whether an address may stand in a link on either side: web and mail, never a script or a file. */
export function isSafeLink(url: string): boolean {
  return URL.canParse(url) && ['http:', 'https:', 'mailto:'].includes(new URL(url).protocol)
}
