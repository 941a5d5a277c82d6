import { describe, expect, it } from 'vitest'
import { toCsv } from './save-chart.ts'

describe('the CSV file of a chart', () => {
  it('holds numbers as they are, nothing for no data, and quotes what needs it', () => {
    const table = {
      columns: ['Week', 'Median, seconds', 'n'],
      rows: [
        ['3 Nov "2026"', 12.5, 3],
        ['10 Nov', null, 0],
      ],
    }
    expect(toCsv(table)).toBe('Week,"Median, seconds",n\r\n"3 Nov ""2026""",12.5,3\r\n10 Nov,,0')
  })

  it.each(['=cmd()', '+1', '-1', '@sum', '\tx'])('keeps a spreadsheet from running %j', (text) => {
    expect(toCsv({ columns: ['Name'], rows: [[text]] })).toBe(`Name\r\n'${text}`)
  })

  it('leaves a negative number a number', () => {
    expect(toCsv({ columns: ['h'], rows: [[-2]] })).toBe('h\r\n-2')
  })
})
