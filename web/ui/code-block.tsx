import classes from './code-block.module.css'

type CodeBlockProps = { readonly label: string; readonly text: string; readonly firstLine?: number }

/** Code with line numbers; scrolls inside itself, by keyboard too. */
export function CodeBlock({ label, text, firstLine }: CodeBlockProps) {
  const lines = text.replace(/\n$/, '').split('\n')
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- long lines scroll, also by keyboard
    <section className={classes.block} tabIndex={0} aria-label={label}>
      <pre>
        {lines.map((line, index) => (
          <span key={`${index} ${line}`} className={classes.line}>
            {firstLine !== undefined && (
              <span className={classes.number} aria-hidden="true">
                {firstLine + index}
              </span>
            )}
            <code>{line === '' ? ' ' : line}</code>
          </span>
        ))}
      </pre>
    </section>
  )
}
