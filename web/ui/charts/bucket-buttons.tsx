import { Tooltip } from '@mantine/core'
import { type KeyboardEvent, useRef, useState } from 'react'
import { margin } from './axes.tsx'
import classes from './charts.module.css'

export type BucketButton = { readonly label: string; readonly words: string }

/**
 * One button over each bucket of a chart, which says its figures and opens the rows behind them. One stop of the Tab
 * key for all of them; arrows walk.
 */
export function BucketButtons({
  buckets,
  onOpen,
}: {
  readonly buckets: readonly BucketButton[]
  readonly onOpen: (index: number) => void
}) {
  const [current, setCurrent] = useState(buckets.length - 1)
  const place = useRef<HTMLFieldSetElement>(null)
  const walk = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = {
      ArrowLeft: current - 1,
      ArrowRight: current + 1,
      Home: 0,
      End: buckets.length - 1,
    }
    const wished = steps[event.key]
    if (wished === undefined) return
    event.preventDefault()
    const next = Math.min(Math.max(wished, 0), buckets.length - 1)
    setCurrent(next)
    place.current?.querySelectorAll('button')[next]?.focus()
  }
  return (
    <fieldset
      ref={place}
      aria-label="Open the rows behind a part"
      className={classes.buttons}
      style={{ left: margin.left, right: margin.right }}
    >
      {buckets.map(({ label, words }, index) => (
        <Tooltip key={label} label={words} openDelay={0} multiline maw={260}>
          <button
            type="button"
            className={classes.bucket}
            aria-label={words}
            tabIndex={index === Math.min(current, buckets.length - 1) ? 0 : -1}
            onKeyDown={walk}
            onFocus={() => setCurrent(index)}
            onClick={() => onOpen(index)}
          />
        </Tooltip>
      ))}
    </fieldset>
  )
}
