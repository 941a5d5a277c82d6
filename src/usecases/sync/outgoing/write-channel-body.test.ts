import { expect, it } from 'vitest'
import { writeChannelBody } from './write-channel-body.ts'

const publicUrl = 'https://weir.example'
const asset = { id: 'a', key: 'shop', name: 'Shop' }
const vulnerability = {
  id: 'v',
  number: 12,
  title: 'XSS in <b> & [more](http://evil.example)',
  severity: 'critical',
  status: 'awaiting_validation',
  branch: 'main',
  path: '/vulnerabilities/v',
  asset,
}
const event = (type: string, data: object) => JSON.stringify({ type, timestamp: '2026-03-02T10:00:00.000Z', data })
const actor = { kind: 'member', name: 'Mara' }

it('Slack gets plain text, and our own link alone', () => {
  const told = event('vulnerability.created', { actor, vulnerability, message: null, before: null, after: {} })
  expect(JSON.parse(writeChannelBody('slack', told, { publicUrl }))).toEqual({
    text: 'New: #12 XSS in &lt;b&gt; &amp; [more](http://evil.example) (critical, Shop)',
    blocks: [
      {
        type: 'section',
        text: {
          type: 'plain_text',
          text: 'New: #12 XSS in <b> & [more](http://evil.example) (critical, Shop)',
          emoji: false,
        },
      },
      { type: 'section', text: { type: 'mrkdwn', text: '<https://weir.example/vulnerabilities/v|Open in Weir>' } },
    ],
  })
})

it('Teams gets a card in which no foreign text is markup', () => {
  const message = { id: 'm', author: 'Mara', body: '**Look** at [this](http://evil.example)' }
  const told = event('message.created', { actor, vulnerability, message, before: null, after: null })
  const { attachments } = JSON.parse(writeChannelBody('teams', told, { publicUrl }))
  expect(attachments[0].content.body).toMatchObject([
    { text: String.raw`#12 XSS in <b> & \[more\](http://evil.example) (critical, Shop)` },
    { text: String.raw`Mara: \*\*Look\*\* at \[this\](http://evil.example)` },
  ])
  expect(attachments[0].content.actions).toEqual([
    { type: 'Action.OpenUrl', title: 'Open in Weir', url: 'https://weir.example/vulnerabilities/v' },
  ])
})

it('a secret is told to no channel', () => {
  const message = { id: 'm', author: 'Mara', body: 'Here it is: DB_PASSWORD=tide-and-ebb' }
  const leaky = { ...vulnerability, title: 'https://mara:tide-and-ebb@db.example is in the settings' }
  const told = event('message.created', { actor, vulnerability: leaky, message, before: null, after: null })
  for (const kind of ['slack', 'teams'] as const) {
    const body = writeChannelBody(kind, told, { publicUrl })
    expect(body).toContain('Here it is')
    expect(body).not.toContain('tide-and-ebb')
  }
})

it.each([
  ['vulnerability.status_changed', { before: {}, after: {} }, 'awaiting validation, by Mara'],
  ['vulnerability.sent', { after: { tracker: 'jira' } }, 'Sent to the developers'],
  ['deadline.crossed', { after: { deadline: 'breached' } }, 'The deadline has passed'],
  ['deadline.crossed', { after: { deadline: 'approaching' } }, 'The deadline comes near'],
])('%s says what happened', (type, more, said) => {
  const body = writeChannelBody('slack', event(type, { actor, vulnerability, ...more }), { publicUrl })
  expect(JSON.parse(body).blocks[1].text.text).toBe(said)
})

it('an import and a test have a line, too', () => {
  const done = { id: 'i', file_name: 'scan.sarif', path: '/imports/i', asset }
  const lineOf = (type: string, data: object) =>
    JSON.parse(writeChannelBody('slack', event(type, data), { publicUrl })).text
  expect(lineOf('import.applied', { import: done })).toBe('scan.sarif was imported into Shop')
  expect(lineOf('webhook.test', { actor })).toBe('Weir can write into this channel')
})
