import { CloseButton, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'
import { Icon } from './icon.tsx'

type SearchInputProps = {
  readonly label: string
  readonly placeholder: string
  readonly value: string
  readonly onChange: (value: string) => void
}

/** Free text that waits for a pause in typing; follows the address when Back changes it. */
export function SearchInput({ label, placeholder, value, onChange }: SearchInputProps) {
  const [typed, setTyped] = useState(value)
  const sent = useRef(value)
  const report = useDebouncedCallback((next: string) => {
    sent.current = next
    onChange(next)
  }, 250)
  useEffect(() => {
    if (value !== sent.current) setTyped(value)
    sent.current = value
  }, [value])
  const change = (next: string) => {
    setTyped(next)
    report(next.trim())
  }
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={placeholder}
      value={typed}
      onChange={(event) => change(event.currentTarget.value)}
      leftSection={<Icon name="search" size={16} />}
      rightSection={
        typed === '' ? undefined : <CloseButton size="sm" aria-label="Clear the search" onClick={() => change('')} />
      }
      style={{ flex: '1 1 240px' }}
    />
  )
}
