import { Button } from '@mantine/core'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'

type FoldProps = { readonly height: number; readonly children: ReactNode }

/** Long content cut at `height` pixels, with a button for the rest; short content stays as it is. */
export function Fold({ height, children }: FoldProps) {
  const box = useRef<HTMLDivElement>(null)
  const id = useId()
  const [isLong, setLong] = useState(false)
  const [isOpen, setOpen] = useState(false)
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const observer = new ResizeObserver(() => setLong(element.scrollHeight > height + 8))
    observer.observe(element)
    return () => observer.disconnect()
  }, [height])
  return (
    <div>
      <div id={id} style={isOpen ? {} : { maxHeight: height, overflow: 'hidden' }}>
        <div ref={box}>{children}</div>
      </div>
      {isLong && (
        <Button
          variant="subtle"
          size="compact-sm"
          mt={4}
          ml={-8}
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? 'Show less' : 'Show all'}
        </Button>
      )}
    </div>
  )
}
