import { Button, Modal, Stack, Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { PullRequestDetails } from '../../../../contract/delivery/pull-requests.ts'
import { useExcludePullRequest, useIncludePullRequest } from '../../../api/exclusions.ts'
import { useMay } from '../../../shell/use-session.ts'
import { ApiForm, fieldError, readText } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { FormProblem } from '../../../ui/states.tsx'

type Props = { readonly pullRequest: PullRequestDetails }

/** Leaves a pull request out of figures, or lets it count again. */
export function ExclusionAction({ pullRequest: { id, excluded } }: Props) {
  const mayDecide = useMay('deployment.decide')
  const include = useIncludePullRequest()
  const [isAsked, setIsAsked] = useState(false)
  if (!mayDecide) return null
  if (excluded === null)
    return (
      <>
        <Button variant="default" onClick={() => setIsAsked(true)}>
          Leave out of figures
        </Button>
        {isAsked && <ReasonDialog id={id} onClose={() => setIsAsked(false)} />}
      </>
    )
  return (
    <>
      <Button variant="default" loading={include.isPending} onClick={() => include.mutate({ params: { id } })}>
        Count it again
      </Button>
      <FormProblem error={include.error} />
    </>
  )
}

function ReasonDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const exclude = useExcludePullRequest()
  const save = (form: FormData) =>
    exclude.mutate({ params: { id }, body: { reason: readText(form, 'reason') } }, { onSuccess: onClose })
  return (
    <Modal opened onClose={onClose} title={<Text fw={650}>Leave out of figures</Text>}>
      <ApiForm onSubmit={save} label="Leave out of figures">
        <Stack>
          <Text>It stays listed with your reason, and counts in no figure until somebody takes that back.</Text>
          <Textarea
            name="reason"
            label="Reason"
            required
            autosize
            minRows={2}
            maxLength={500}
            data-autofocus
            error={fieldError(exclude.error, 'reason')}
          />
          <FormEnd submit="Leave it out" form={exclude} onCancel={onClose} />
        </Stack>
      </ApiForm>
    </Modal>
  )
}
