import { Anchor, Typography } from '@mantine/core'
import type { ComponentProps } from 'react'
import ReactMarkdown from 'react-markdown'
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize'
import remarkGfm from 'remark-gfm'
import { isIntricate } from './intricate.ts'
import classes from './markdown.module.css'

/** Only these leave the page; pictures are not loaded, because their address would tell a stranger who reads. */
const schema = {
  ...defaultSchema,
  tagNames: (defaultSchema.tagNames ?? []).filter((tag) => tag !== 'img' && tag !== 'picture' && tag !== 'source'),
  protocols: { ...defaultSchema.protocols, href: ['http', 'https', 'mailto'] },
}

function MarkdownLink({ href, children }: ComponentProps<'a'>) {
  return (
    <Anchor href={href} target="_blank" rel="noopener noreferrer nofollow" underline="always">
      {children}
    </Anchor>
  )
}

/** HTML somebody wrote is what they talk about (`List<String>`, a script in a report): shown as they wrote it, never obeyed. */
export function showHtmlAsText() {
  return (tree: MarkdownNode): void => {
    if (tree.type === 'html') tree.type = 'text'
    for (const child of tree.children ?? []) showHtmlAsText()(child)
  }
}

type MarkdownNode = { type: string; children?: MarkdownNode[] }

/** Text of a member, a scanner or a remote: its HTML is text, its links leave the page safely. */
export function Markdown({ text }: { readonly text: string }) {
  if (isIntricate(text)) return <div className={classes.plain}>{text}</div>
  return (
    <Typography className={classes.markdown}>
      <ReactMarkdown
        remarkPlugins={[remarkGfm, showHtmlAsText]}
        rehypePlugins={[[rehypeSanitize, schema]]}
        components={{ a: MarkdownLink, h1: 'h3', h2: 'h3', h3: 'h4' }}
      >
        {text}
      </ReactMarkdown>
    </Typography>
  )
}
