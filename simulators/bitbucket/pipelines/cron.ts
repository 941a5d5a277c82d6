/** Smallest and largest value of each of the seven fields; the year is last. */
const limits: [number, number][] = [
  [0, 59],
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [1, 7],
  [1970, 2199],
]
const days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']

type Matches = (value: number) => boolean

function numberOf(word: string): number {
  const name = word.toUpperCase()
  if (days.includes(name)) return days.indexOf(name) + 1
  if (months.includes(name)) return months.indexOf(name) + 1
  return /^\d+$/.test(word) ? Number(word) : Number.NaN
}

function readPart(part: string, [least, most]: [number, number]): Matches | undefined {
  const [range = '', step = '1'] = part.split('/')
  const every = Number(step)
  if (!Number.isInteger(every) || every < 1) return undefined
  const [from = '', to] = range === '*' || range === '?' ? [String(least), String(most)] : range.split('-')
  const first = numberOf(from)
  const last = to === undefined ? (part.includes('/') ? most : first) : numberOf(to)
  if (!(first >= least && last <= most && first <= last)) return undefined
  return (value) => value >= first && value <= last && (value - first) % every === 0
}

function readField(field: string, limit: [number, number]): Matches | undefined {
  const parts = field.split(',').map((part) => readPart(part, limit))
  if (parts.some((part) => part === undefined)) return undefined
  return (value) => parts.some((part) => part?.(value) === true)
}

/** Whether a moment (to the minute, UTC) is meant by a seven-field pattern; undefined when it is no such pattern. */
export function readCron(pattern: string): ((milliseconds: number) => boolean) | undefined {
  const words = pattern.trim().split(/\s+/)
  if (words.length !== limits.length) return undefined
  const fields: Matches[] = []
  for (const [index, limit] of limits.entries()) {
    const field = readField(words[index] ?? '', limit)
    if (field === undefined) return undefined
    fields.push(field)
  }
  return (milliseconds) => {
    const date = new Date(milliseconds)
    // Schedules run by the minute: the seconds are not looked at.
    const values = [
      date.getUTCMinutes(),
      date.getUTCHours(),
      date.getUTCDate(),
      date.getUTCMonth() + 1,
      date.getUTCDay() + 1,
      date.getUTCFullYear(),
    ]
    return values.every((value, index) => fields[index + 1]?.(value) === true)
  }
}
