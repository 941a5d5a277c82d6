import { crc32, deflateSync, inflateSync } from 'node:zlib'

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

type Image = { width: number; height: number; channels: number; pixels: Buffer }

/** The five filters of a row. https://www.w3.org/TR/png-3/#9Filter-types */
function unfilter(filter: number, { left, up, upLeft }: { left: number; up: number; upLeft: number }): number {
  if (filter === 1) return left
  if (filter === 2) return up
  if (filter === 3) return (left + up) >> 1
  if (filter !== 4) return 0
  const estimate = left + up - upLeft
  const [toLeft, toUp, toUpLeft] = [left, up, upLeft].map((value) => Math.abs(estimate - value))
  if (toLeft === undefined || toUp === undefined || toUpLeft === undefined) return 0
  return toLeft <= toUp && toLeft <= toUpLeft ? left : toUp <= toUpLeft ? up : upLeft
}

/** Reads 8 bit RGB or RGBA without interlacing, which is what Chromium's screenshots are. Throws on anything else. */
function readPng(file: Buffer): Image {
  const parts: Buffer[] = []
  let header: Buffer | undefined
  for (let at = signature.length; at < file.length; ) {
    const size = file.readUInt32BE(at)
    const kind = file.toString('latin1', at + 4, at + 8)
    const data = file.subarray(at + 8, at + 8 + size)
    if (kind === 'IHDR') header = data
    if (kind === 'IDAT') parts.push(data)
    at += size + 12
  }
  const kind = header?.[9]
  if (header === undefined || header[8] !== 8 || (kind !== 2 && kind !== 6) || header[12] !== 0)
    throw new Error('not a PNG of 8 bit RGB or RGBA without interlacing')
  const [width, height, channels] = [header.readUInt32BE(0), header.readUInt32BE(4), kind === 6 ? 4 : 3]
  const raw = inflateSync(Buffer.concat(parts))
  const stride = width * channels
  const pixels = Buffer.alloc(stride * height)
  for (let row = 0; row < height; row++) {
    const filter = raw[row * (stride + 1)] ?? 0
    for (let i = 0; i < stride; i++) {
      const here = row * stride + i
      const left = i < channels ? 0 : (pixels[here - channels] ?? 0)
      const up = row === 0 ? 0 : (pixels[here - stride] ?? 0)
      const upLeft = row === 0 || i < channels ? 0 : (pixels[here - stride - channels] ?? 0)
      pixels[here] = ((raw[row * (stride + 1) + 1 + i] ?? 0) + unfilter(filter, { left, up, upLeft })) & 0xff
    }
  }
  return { width, height, channels, pixels }
}

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc32(body), body.length + 4)
  return out
}

/** Squared distance below which a rarer colour is drawn in a more frequent one's place. */
const alike = 40

/**
 * Up to 256 colours of an opaque picture, the frequent ones first and none close to another, so that a small mark of
 * its own colour keeps it; the rest takes the nearest.
 */
function toPalette({ pixels, channels }: Image): { palette: number[]; indexOf: (colour: number) => number } {
  const counts = new Map<number, number>()
  for (let i = 0; i < pixels.length; i += channels) {
    const colour = pixels.readUIntBE(i, 3)
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const palette: number[] = []
  for (const [colour] of [...counts].toSorted((one, other) => other[1] - one[1])) {
    if (palette.length === 256) break
    if (palette.every((other) => distance(colour, other) >= alike)) palette.push(colour)
  }
  const known = new Map(palette.map((colour, index) => [colour, index]))
  const indexOf = (colour: number): number => {
    const found = known.get(colour)
    if (found !== undefined) return found
    const distances = palette.map((other) => distance(colour, other))
    const nearest = distances.indexOf(Math.min(...distances))
    known.set(colour, nearest)
    return nearest
  }
  return { palette, indexOf }
}

function distance(one: number, other: number): number {
  return [16, 8, 0].reduce((sum, shift) => sum + (((one >> shift) & 0xff) - ((other >> shift) & 0xff)) ** 2, 0)
}

/** The same picture with at most 256 colours, about a third of the bytes. Throws where `readPng` does. */
export function shrinkPng(file: Buffer): Buffer {
  const image = readPng(file)
  const { width, height, channels, pixels } = image
  const { palette, indexOf } = toPalette(image)
  const rows = Buffer.alloc((width + 1) * height)
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      rows[row * (width + 1) + 1 + column] = indexOf(pixels.readUIntBE((row * width + column) * channels, 3))
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 3, 0, 0, 0], 8)
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 0xff, colour & 0xff]))
  const data = deflateSync(rows, { level: 9 })
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ])
}
