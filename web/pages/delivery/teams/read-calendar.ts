/** Minutes since midnight as a clock shows them; the end of a day is its midnight. */
export function toClock(minutes: number): string {
  const shown = minutes % (24 * 60)
  return `${String(Math.floor(shown / 60)).padStart(2, '0')}:${String(shown % 60).padStart(2, '0')}`
}

export function readMinutes(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return hours * 60 + minutes
}

/** Lines of a date and a name; a date without one is called a holiday. The server refuses what is no date. */
export function readHolidays(text: string): { day: string; name: string }[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [day = '', ...words] = line.split(/[\s,;]+/)
      return { day, name: words.join(' ') || 'Holiday' }
    })
}
