import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

type LeaveToLogin = typeof import('./leave-to-login.ts')

type Listen = (event: { persisted: boolean }) => void

const assigned: string[] = []
const listeners = new Map<string, Listen>()
const reload = vi.fn<() => void>()
let module: LeaveToLogin

beforeEach(async () => {
  assigned.length = 0
  listeners.clear()
  reload.mockClear()
  vi.resetModules()
  module = await import('./leave-to-login.ts')
  standAt('/vulnerabilities', '?q=a')
  vi.stubGlobal('addEventListener', (type: string, listen: Listen) => listeners.set(type, listen))
})
afterEach(() => vi.unstubAllGlobals())

function standAt(pathname: string, search = ''): void {
  vi.stubGlobal('location', { pathname, search, reload, assign: (url: string) => assigned.push(url) })
}

test.each([
  ['/vulnerabilities?q=a', '/vulnerabilities?q=a'],
  ['//evil.example', '/'],
  ['https://evil.example/', '/'],
  ['/\\evil.example', '/'],
  ['javascript:alert(1)', '/'],
  [undefined, '/'],
])('after login %s leads to %s', (given, expected) => {
  expect(module.toLocalPath(given)).toBe(expected)
})

describe('an ended session', () => {
  test('leads to the login page, which remembers where the person was', () => {
    module.leaveToLogin()
    expect(assigned).toEqual(['/login?return=%2Fvulnerabilities%3Fq%3Da'])
  })

  test('leaves a public page alone', () => {
    standAt('/login')
    module.leaveToLogin()
    expect(assigned).toEqual([])
  })
})

describe('logging out', () => {
  test('leads to a login page without memory, whatever is refused meanwhile', async () => {
    await module.leaveByLogOut(async () => {
      module.leaveToLogin()
      await Promise.resolve()
    })
    module.leaveToLogin()
    expect(assigned).toEqual(['/login'])
  })

  test('leaves nothing for the Back button to show', async () => {
    await module.leaveByLogOut(() => Promise.resolve())
    listeners.get('pageshow')?.({ persisted: false })
    expect(reload).not.toHaveBeenCalled()
    listeners.get('pageshow')?.({ persisted: true })
    expect(reload).toHaveBeenCalledOnce()
  })

  test('that fails leaves the person where they are, and the session can still end by itself', async () => {
    const failed = module.leaveByLogOut(() => Promise.reject(new Error('unreachable')))
    await expect(failed).rejects.toThrow('unreachable')
    expect(assigned).toEqual([])
    module.leaveToLogin()
    expect(assigned).toHaveLength(1)
  })
})
