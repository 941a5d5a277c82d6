import { type Html, html } from '../../shared/html.ts'
import { at, stringAt } from '../../shared/json.ts'

function children(node: unknown): unknown[] {
  const content = at(node, 'content')
  return Array.isArray(content) ? content : []
}

function isWebAddress(href: string): boolean {
  return /^(https?|mailto):/i.test(href)
}

function mark(inner: Html, one: unknown): Html {
  switch (stringAt(one, 'type')) {
    case 'strong':
      return html`<strong>${inner}</strong>`
    case 'em':
      return html`<em>${inner}</em>`
    case 'code':
      return html`<code>${inner}</code>`
    case 'strike':
      return html`<s>${inner}</s>`
    case 'link': {
      const href = stringAt(one, 'attrs', 'href') ?? ''
      return isWebAddress(href) ? html`<a href="${href}" rel="noreferrer">${inner}</a>` : inner
    }
    case undefined:
    default:
      return inner
  }
}

function inline(node: unknown): Html {
  switch (stringAt(node, 'type')) {
    case 'text': {
      const marks = at(node, 'marks')
      return (Array.isArray(marks) ? marks : []).reduce<Html>(mark, html`${stringAt(node, 'text')}`)
    }
    case 'hardBreak':
      return html`<br>`
    case 'inlineCard': {
      const url = stringAt(node, 'attrs', 'url') ?? ''
      return isWebAddress(url) ? html`<a href="${url}" rel="noreferrer">${url}</a>` : html`${url}`
    }
    case undefined:
    default:
      return html`${stringAt(node, 'attrs', 'text') ?? stringAt(node, 'attrs', 'shortName')}`
  }
}

function block(node: unknown): Html {
  switch (stringAt(node, 'type')) {
    case 'paragraph':
    case 'taskItem':
    case 'decisionItem':
      return html`<p>${children(node).map(inline)}</p>`
    case 'heading':
      return html`<h3>${children(node).map(inline)}</h3>`
    case 'codeBlock':
      return html`<pre>${children(node).map(inline)}</pre>`
    case 'bulletList':
      return html`<ul>${children(node).map(block)}</ul>`
    case 'orderedList':
      return html`<ol>${children(node).map(block)}</ol>`
    case 'listItem':
      return html`<li>${children(node).map(block)}</li>`
    case 'blockquote':
      return html`<blockquote>${children(node).map(block)}</blockquote>`
    case 'rule':
      return html`<hr>`
    case 'table':
      return html`<table>${children(node).map(block)}</table>`
    case 'tableRow':
      return html`<tr>${children(node).map(block)}</tr>`
    case 'tableCell':
    case 'tableHeader':
      return html`<td>${children(node).map(block)}</td>`
    case 'blockCard':
      return html`<p>${inline({ ...Object(node), type: 'inlineCard' })}</p>`
    case undefined:
    default:
      return html`${children(node).map(block)}`
  }
}

/** An Atlassian document as markup; what it cannot show it shows as its text. */
export function renderDocument(document: unknown): Html {
  return html`<div class="prose">${children(document).map(block)}</div>`
}
