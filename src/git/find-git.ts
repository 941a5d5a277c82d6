import { isAppError } from '../lib/app-error.ts'
import { gitText } from './git-process.ts'

/** `http.curloptResolve`, which pins the host's address, came with this one. */
const oldest = [2, 37] as const

/** Whether the machine has a git we can use. */
export async function findGit(): Promise<
  { kind: 'found'; version: string } | { kind: 'missing' } | { kind: 'old'; version: string }
> {
  try {
    const text = await gitText({ gitDir: '/', args: ['version'] })
    const [, version = '0.0', major = '0', minor = '0'] = /((\d+)\.(\d+)[\w.]*)/.exec(text) ?? []
    const isNew = Number(major) > oldest[0] || (Number(major) === oldest[0] && Number(minor) >= oldest[1])
    return { kind: isNew ? 'found' : 'old', version }
  } catch (error) {
    if (isAppError(error) && error.meta?.['git'] === 'missing') return { kind: 'missing' }
    throw error
  }
}
