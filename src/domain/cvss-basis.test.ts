import { describe, expect, test } from 'vitest'
import { cvssBasis } from './cvss-basis.ts'

describe('what a CVSS score rests on', () => {
  const v2 = 'AV:N/AC:L/Au:N/C:P/I:P/A:P'
  const v3 = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'
  const v4 = 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N'
  test.each([
    [v2, '2.0', 'base'],
    [`${v2}/E:U/RL:OF/RC:UC`, '2.0', 'temporal'],
    [`${v2}/E:U/RL:ND/RC:ND/CDP:H/TD:ND/CR:ND/IR:ND/AR:ND`, '2.0', 'environmental'],
    [`${v2}/E:ND/CDP:ND`, '2.0', 'base'],
    [v3, '3.1', 'base'],
    [v3.replace('3.1', '3.0'), '3.0', 'base'],
    [`${v3}/RC:U`, '3.1', 'temporal'],
    [`${v3}/E:P/CR:H`, '3.1', 'environmental'],
    [`${v3}/E:P/MAV:X`, '3.1', 'temporal'],
    [v4, '4.0', 'base'],
    [`${v4}/E:P`, '4.0', 'threat'],
    [`${v4}/E:P/MSI:S`, '4.0', 'environmental'],
    [`${v4}/S:P/AU:Y`, '4.0', 'base'],
  ])('%s', (vector, version, group) => expect(cvssBasis(vector)).toEqual({ version, group }))
})
