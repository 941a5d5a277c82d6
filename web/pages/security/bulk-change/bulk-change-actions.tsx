import { Button, type ButtonProps, Stack } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import type { BulkChange } from '../../../../contract/security/bulk-changes.ts'
import { useCancelBulkChange, useUndoBulkChange } from '../../../api/bulk-changes.ts'
import { useFollow } from '../../../shell/followed-changes.tsx'
import { useMay } from '../../../shell/use-session.ts'
import { Icon } from '../../../ui/icon.tsx'
import { FormProblem } from '../../../ui/states.tsx'

type ActionsProps = {
  readonly change: BulkChange
  readonly size?: ButtonProps['size']
  /** What the buttons are about, where several of them stand on a page. */
  readonly of?: string
}

/** Stops what runs and takes back what ended, for those who may; an undo is followed to its own page. */
export function BulkChangeActions({ change, size = 'sm', of }: ActionsProps) {
  const mayWork = useMay('vulnerability.work')
  const cancel = useCancelBulkChange()
  const undo = useUndoBulkChange()
  const follow = useFollow()
  const navigate = useNavigate()
  const params = { id: change.id }
  const named = (action: string) => (of === undefined ? undefined : `${action} ${of}`)
  const takeBack = () =>
    undo.mutate(
      { params },
      {
        onSuccess: ({ id }) => {
          follow(id)
          void navigate({ to: '/bulk-changes/$id', params: { id } })
        },
      },
    )
  return (
    <Stack gap={4} align="flex-end">
      {mayWork && change.state === 'running' && (
        <Button
          size={size}
          variant="default"
          aria-label={named('Stop')}
          loading={cancel.isPending}
          onClick={() => cancel.mutate({ params })}
        >
          Stop
        </Button>
      )}
      {change.undo.available && (
        <Button
          size={size}
          variant="default"
          aria-label={named('Undo')}
          leftSection={<Icon name="undo" size={16} />}
          loading={undo.isPending}
          onClick={takeBack}
        >
          Undo
        </Button>
      )}
      <FormProblem error={cancel.error ?? undo.error} />
    </Stack>
  )
}
