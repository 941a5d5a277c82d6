import { expect, test } from 'vitest'
import { readBranches } from './upload-branches.ts'

const none = { branch: 'main', target: '', pullRequest: '' }

test.each([
  [none, { branch: 'main' }],
  [{ ...none, branch: '  ' }, { branch: 'main' }],
  [{ ...none, branch: ' feature ' }, { branch: 'feature' }],
  [
    { ...none, branch: 'feature', target: 'release' },
    { branch: 'feature', target_branch: 'release' },
  ],
  [
    { ...none, branch: 'feature', pullRequest: '#17' },
    { branch: 'feature', target_branch: 'main', pull_request: '17' },
  ],
])('%j is sent as %j', (draft, branches) => {
  expect(readBranches(draft, 'main')).toEqual({ branches, problem: null })
})

test.each([
  [{ ...none, pullRequest: '17' }, 'branch'],
  [{ ...none, branch: 'release', target: 'release' }, 'branch'],
  [{ ...none, branch: 'feature', pullRequest: 'seventeen' }, 'pullRequest'],
  [{ ...none, branch: 'feature', pullRequest: '12345678901' }, 'pullRequest'],
])('%j is not sent: %s says why', (draft, field) => {
  expect(readBranches(draft, 'main').problem).toMatchObject({ field })
})
