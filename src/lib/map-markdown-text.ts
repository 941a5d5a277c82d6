import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'

type Kind = 'text' | 'address'
type Piece = { kind: Kind; start: number; end: number }

/** What becomes of a piece of source, by what it is; addresses are those that stand for themselves. */
type Change = { text: (piece: string) => string; address?: (piece: string) => string }

// The transforms look for addresses once more in what is parsed, and what they find has no place in the text.
const extensions = gfmFromMarkdown().map((extension) => ({ ...extension, transforms: [] }))

/**
 * Markdown with a change to each piece of its source that people read as text: not to code, and what else is markup. HTML
 * counts as text, since no remote of ours renders it. Never throws for any text.
 */
export function mapMarkdownText(markdown: string, { text, address = (piece) => piece }: Change): string {
  let mapped = ''
  let at = 0
  for (const { kind, start, end } of listPieces(markdown)) {
    const piece = markdown.slice(start, end)
    mapped += markdown.slice(at, start) + (kind === 'text' ? text(piece) : address(piece))
    at = end
  }
  return mapped + markdown.slice(at)
}

/** The same pieces, addresses among them, in their order. */
export function listMarkdownText(markdown: string): string[] {
  return listPieces(markdown).map(({ start, end }) => markdown.slice(start, end))
}

function listPieces(markdown: string): Piece[] {
  const root = fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [extensions] })
  return piecesOf(root, markdown)
}

function piecesOf(node: Nodes, markdown: string): Piece[] {
  const { start, end } = { start: node.position?.start.offset, end: node.position?.end.offset }
  if (start === undefined || end === undefined) return []
  if (node.type === 'text' || node.type === 'html') return [{ kind: 'text', start, end }]
  // An address that stands for itself is no text, unlike the words of a link.
  if (node.type === 'link' && markdown[start] !== '[') return [{ kind: 'address', start, end }]
  return 'children' in node ? node.children.flatMap((child) => piecesOf(child, markdown)) : []
}
