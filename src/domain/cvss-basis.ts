/** Which group of metrics decided the score; the later one in the list beats those before it. */
export const cvssGroups = ['base', 'temporal', 'threat', 'environmental'] as const
export type CvssGroup = (typeof cvssGroups)[number]

export type CvssBasis = { version: '2.0' | '3.0' | '3.1' | '4.0'; group: CvssGroup }

const environmental = /^(?:CDP|TD|CR|IR|AR|M[A-Z]{1,3})$/
const temporal = /^(?:E|RL|RC)$/
/** Metrics that are named but say nothing. */
const undefinedValues = ['X', 'ND']

/**
 * What the score of a good vector (`parseCvss`) rests on: environmental metrics where one is defined, else temporal ones
 * (since 4.0 called threat), else the base alone.
 */
export function cvssBasis(vector: string): CvssBasis {
  const version = /^CVSS:(3\.0|3\.1|4\.0)\//.exec(vector)?.[1]
  const names = vector.split('/').flatMap((part) => {
    const [name = '', value = ''] = part.split(':', 2)
    return undefinedValues.includes(value) ? [] : [name]
  })
  const isNewest = version === '4.0'
  const group = names.some((name) => environmental.test(name))
    ? 'environmental'
    : names.some((name) => temporal.test(name))
      ? isNewest
        ? 'threat'
        : 'temporal'
      : 'base'
  return { version: isNewest ? '4.0' : version === '3.0' ? '3.0' : version === '3.1' ? '3.1' : '2.0', group }
}
