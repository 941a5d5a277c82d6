import { expect, test } from 'vitest'
import { markdown } from './markdown.ts'
import { startTrySimulator } from './try-simulator.ts'

test('on pages links stay on this server, and nothing is fetched from elsewhere', async () => {
  const here = await startTrySimulator('legacy')
  const { markup } = markdown(here, 'Merged (pull request #1) :tada: @{557058:rita-reader} <script>')
  expect(markup).toContain(
    '<a href="/acme/shop/pull-requests/1/add-login" rel="nofollow" class="ap-connect-link">pull request #1</a>',
  )
  expect(markup).toContain(
    '🎉 <span class="ap-mention" data-atlassian-id="557058:rita-reader">@Rita Reader</span> &lt;script&gt;',
  )
  await here.close()
})
