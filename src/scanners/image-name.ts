/** A container image without its tag and digest, so that its next build is the same: `registry:5000/team/app`. '' for a bare digest. */
export function imageWithoutTag(image: string): string {
  const bare = image.trim().split('@', 1)[0] ?? ''
  if (/^sha\d{3}:[0-9a-f]+$/i.test(bare) || /^[0-9a-f]{64}$/i.test(bare)) return ''
  const colon = bare.lastIndexOf(':')
  // A colon in front of a slash is a port.
  return colon > bare.lastIndexOf('/') ? bare.slice(0, colon) : bare
}
