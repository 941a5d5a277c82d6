import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { signBody } from './sign.ts'

const recorded = new URL('../../../../shared/real/bitbucket/webhooks/jenkins-signed_payload.json', import.meta.url)

test('signs like the published example of an HMAC-SHA256 over the raw body', () => {
  expect(signBody("It's a Secret to Everybody", 'Hello World!')).toBe(
    'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9',
  )
})

// The recording lies beside the checkout; where it is absent only CI insists on it.
test.runIf(existsSync(recorded) || process.env['CI'] !== undefined)(
  'gives the recorded signature of a recorded delivery',
  () => {
    expect(signBody('Gkvl$k$wyNpQAF42', readFileSync(recorded))).toBe(
      'sha256=f205c729821c6954aff2afe72b965c34015b4baf96ea8ddc2cc44999c014a035',
    )
  },
)
