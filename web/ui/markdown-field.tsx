import { Input, SegmentedControl, Stack, Text, Textarea } from '@mantine/core'
import { useId, useState } from 'react'
import { Markdown } from './markdown.tsx'
import classes from './markdown-field.module.css'

type MarkdownFieldProps = {
  readonly label: string
  readonly description?: string
  readonly value: string
  readonly onChange: (text: string) => void
  readonly maxLength: number
  readonly minRows?: number
  /** How the text reads once it is saved; left out: as it is written. */
  readonly render?: (text: string) => string
}

const sides = [
  { value: 'write', label: 'Write' },
  { value: 'preview', label: 'Preview' },
]

/** A long text in Markdown, and how it will look. */
export function MarkdownField(props: MarkdownFieldProps) {
  const { label, description, value, onChange, maxLength, minRows = 6, render } = props
  const [side, setSide] = useState('write')
  const id = useId()
  return (
    <Stack gap={4}>
      <div className={classes.head}>
        <Input.Label htmlFor={id}>{label}</Input.Label>
        <SegmentedControl
          size="xs"
          aria-label={`${label}: write it or look at it`}
          data={sides}
          value={side}
          onChange={setSide}
        />
      </div>
      {description !== undefined && (
        <Text size="xs" c="dimmed" id={`${id}-more`}>
          {description}
        </Text>
      )}
      {side === 'write' ? (
        <Textarea
          id={id}
          aria-describedby={description === undefined ? undefined : `${id}-more`}
          autosize
          minRows={minRows}
          maxRows={22}
          maxLength={maxLength}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      ) : (
        <section className={classes.preview} aria-label={`${label}, preview`}>
          {value.trim() === '' ? (
            <Text c="dimmed">Nothing is written yet.</Text>
          ) : (
            <Markdown text={render === undefined ? value : render(value)} />
          )}
        </section>
      )}
    </Stack>
  )
}
