import calculator from 'ae-cvss-calculator'
import { type Severity, severityOfScore } from './severity.ts'

/** A vector that was recomputed: its score is environmental where the vector has that, else temporal, else base. */
export type Cvss = { vector: string; score: number; severity: Severity }

const shapes = [
  /^CVSS:4\.0(\/[A-Z]{1,3}:[A-Za-z]{1,6}){11,40}$/,
  /^CVSS:3\.[01](\/[A-Z]{1,3}:[A-Z]){8,30}$/,
  /^AV:[LAN]\/AC:[HML]\/Au:[MSN]\/C:[NPC]\/I:[NPC]\/A:[NPC](\/[A-Z]{1,3}:[A-Z]{1,4}){0,8}$/,
]

const base3 = ['AV', 'AC', 'PR', 'UI', 'S', 'C', 'I', 'A']
const base4 = ['AV', 'AC', 'AT', 'PR', 'UI', 'VC', 'VI', 'VA', 'SC', 'SI', 'SA']

/** The score and severity of a CVSS 2.0, 3.0, 3.1 or 4.0 vector; undefined for any other text. Brackets around it are dropped. */
export function parseCvss(text: string): Cvss | undefined {
  const vector = text.trim().replace(/^\((.*)\)$/, '$1')
  if (vector.length > 400 || !shapes.some((shape) => shape.test(vector)) || !isWhole(vector)) return undefined
  try {
    const parsed: unknown = calculator.fromVector(vector)
    const score = readScore(parsed)
    return score === undefined ? undefined : { vector, score, severity: severityOfScore(score) }
  } catch {
    // The calculator throws plain errors at metrics it does not know: to us such a text is simply no vector.
    return undefined
  }
}

/** Every base metric once, none twice: the calculator itself takes a vector with holes for one without impact. */
function isWhole(vector: string): boolean {
  const names = vector.split('/').map((part) => part.split(':', 1)[0] ?? '')
  const base = vector.startsWith('CVSS:4') ? base4 : vector.startsWith('CVSS:3') ? base3 : []
  return new Set(names).size === names.length && base.every((name) => names.includes(name))
}

function readScore(parsed: unknown): number | undefined {
  if (typeof parsed !== 'object' || parsed === null || !('calculateScores' in parsed)) return undefined
  const { calculateScores } = parsed
  if (typeof calculateScores !== 'function') return undefined
  const scores: unknown = calculateScores.call(parsed)
  if (typeof scores !== 'object' || scores === null || !('overall' in scores)) return undefined
  const { overall } = scores
  return typeof overall === 'number' && overall >= 0 && overall <= 10 ? overall : undefined
}
