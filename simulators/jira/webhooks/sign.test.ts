import { expect, test } from 'vitest'
import { signBody } from './sign.ts'

test('signs as the published example of Atlassian has it', () => {
  // https://developer.atlassian.com/cloud/jira/platform/webhooks/ : the example for testing an implementation.
  expect(signBody("It's a Secret to Everybody", 'Hello World!')).toBe(
    'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9',
  )
})
