/** A message in a chat: what it is about, more of it in paragraphs of their own, and where to go on. */
export type ChatMessage = { title: string; details: readonly string[]; url: string }

/** A message as an incoming webhook takes it. Nothing in it is read as a mention, a link or markup but our own. */
export function writeChatBody(kind: 'slack' | 'teams', message: ChatMessage): string {
  switch (kind) {
    case 'slack':
      return JSON.stringify(toSlack(message))
    case 'teams':
      return JSON.stringify(toTeams(message))
    default:
      return kind satisfies never
  }
}

/** Slack reads three characters as markup before all others. https://api.slack.com/reference/surfaces/formatting#escaping */
const escapeSlack = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const plain = (text: string) => ({ type: 'section', text: { type: 'plain_text', text, emoji: false } })

/** Plain text, except for the link. https://api.slack.com/messaging/webhooks */
function toSlack({ title, details, url }: ChatMessage) {
  return {
    text: escapeSlack(title),
    blocks: [
      plain(title),
      ...details.map(plain),
      { type: 'section', text: { type: 'mrkdwn', text: `<${url}|Open in Weir>` } },
    ],
  }
}

/** Text blocks read some Markdown: emphasis and links are escaped. https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features */
const escapeTeams = (text: string) => text.replaceAll(/[\\*_[\]]/g, '\\$&')

const block = (text: string, more: object) => ({ type: 'TextBlock', text: escapeTeams(text), wrap: true, ...more })

/** An adaptive card, as a workflow "when a webhook request is received" takes it. */
function toTeams({ title, details, url }: ChatMessage) {
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [block(title, { weight: 'Bolder' }), ...details.map((text) => block(text, {}))],
    actions: [{ type: 'Action.OpenUrl', title: 'Open in Weir', url }],
  }
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  }
}
