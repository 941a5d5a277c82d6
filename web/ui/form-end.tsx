import { Button, Group } from '@mantine/core'
import type { ReactNode } from 'react'
import { FormProblem } from './states.tsx'

type FormEndProps = {
  /** What the button says: the act itself. */
  readonly submit: string
  readonly form: { readonly error: unknown; readonly isPending: boolean }
  readonly onCancel?: () => void
  readonly icon?: ReactNode
  /** It cannot be taken back. */
  readonly danger?: boolean
}

/** The end of a form: what went wrong, the way out, and the button. */
export function FormEnd({ submit, form, onCancel, icon, danger = false }: FormEndProps) {
  return (
    <>
      <FormProblem error={form.error} />
      <Group justify="flex-end">
        {onCancel && (
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
        )}
        <Button type="submit" {...(danger && { color: 'red.8' })} loading={form.isPending} rightSection={icon}>
          {submit}
        </Button>
      </Group>
    </>
  )
}
