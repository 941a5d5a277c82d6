import { expect, test } from 'vitest'
import { toAccount } from './jira-comments.ts'

const dora = { accountId: '5b1', displayName: 'Dora', emailAddress: 'dora@harbour.example', active: true }

test.each([
  ['atlassian', 'dora@harbour.example'],
  [undefined, 'dora@harbour.example'],
  ['customer', undefined],
])('the e-mail address of an account of type %s is %s', (accountType, email) => {
  expect(toAccount({ ...dora, accountType }).email).toBe(email)
})
