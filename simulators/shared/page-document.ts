import { type Html, html } from './html.ts'

interface Frame {
  title: string
  /** `Jira`: what is simulated. */
  product: string
  /** The remote's own name, which this is not. */
  remote: string
  /** Where the product's name leads. */
  home: string
  badge: string
  /** Who is logged in. */
  person: { displayName: string } | null
  login: string
  logout: string
  main: Html
}

function account({ person, login, logout }: Frame): Html {
  if (person === null) return html`<a href="${login}">Log in</a>`
  return html`<span id="logged-in-as">${person.displayName}</span>
<form method="post" action="${logout}"><button id="log-out">Log out</button></form>`
}

/** A whole document, in the frame that all pages of a simulator have. */
export function renderFrame(page: Frame): string {
  const document = html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${page.title} · Simulated ${page.product}</title>
<link rel="stylesheet" href="/_web/pages.css">
<link rel="icon" href="data:,">
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header>
<a class="brand" href="${page.home}">Simulated ${page.product}</a>
<span class="badge">${page.badge}</span>
<div class="account">${account(page)}</div>
</header>
<main id="main">${page.main}</main>
<footer>This is a simulator for trying things out. It is not ${page.remote} and has no connection to Atlassian.</footer>
</body>
</html>`
  return `<!doctype html>\n${document.markup}\n`
}
