import { expect, test } from 'vitest'
import { createWorkInHand } from './work-in-hand.ts'

test('what is in hand is waited for, whether it goes well or badly', async () => {
  const { track, settle } = createWorkInHand()
  const [good, bad] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()]
  const said: string[] = []
  const works = [track(good.promise), track(bad.promise)].map(async (work) =>
    work.then(
      (text) => said.push(text),
      (error: unknown) => said.push(String(error)),
    ),
  )
  const settled = settle(60_000).then(() => said.push('settled'))
  good.resolve('well')
  bad.reject('badly')
  await Promise.all([settled, ...works])
  expect(said).toEqual(['well', 'badly', 'settled'])
})

test('what never ends is not waited for longer than that', async () => {
  const { track, settle } = createWorkInHand()
  void track(Promise.withResolvers<string>().promise)
  await expect(settle(5)).resolves.toBeUndefined()
})
