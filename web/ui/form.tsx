import type { FormEvent, ReactNode } from 'react'
import { toProblem } from '../api/api-problem.ts'

/** Text of one field as typed, without blanks around it. */
export function readText(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value.trim() : ''
}

/** A secret exactly as typed: a blank may belong to it. */
export function readSecret(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

export function readList(form: FormData, name: string): string[] {
  return [
    ...new Set(
      readText(form, name)
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    ),
  ]
}

/** What the server says about one field, to stand beside it. */
export function fieldError(error: unknown, name: string): string | undefined {
  if (error === null || error === undefined) return undefined
  return toProblem(error).fields[name]?.join(' ')
}

type ApiFormProps = {
  readonly onSubmit: (form: FormData) => void
  readonly children: ReactNode
  readonly label?: string
}

export function ApiForm({ onSubmit, children, label }: ApiFormProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    event.stopPropagation()
    onSubmit(new FormData(event.currentTarget))
  }
  return (
    <form onSubmit={submit} aria-label={label}>
      {children}
    </form>
  )
}
