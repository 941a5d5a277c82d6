import { Modal, Stack, Text, Textarea } from '@mantine/core'
import { useMarkDeployment } from '../../../api/deployments.ts'
import { ApiForm, fieldError, readText } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import type { Marking } from './deployment-table.tsx'
import { verdictWords } from './deployment-words.ts'

type MarkDialogProps = { readonly marking: Marking | undefined; readonly onClose: () => void }

/** Asks for the reason of what a person says of a deployment. */
export function MarkDialog({ marking, onClose }: MarkDialogProps) {
  return (
    <Modal
      opened={marking !== undefined}
      onClose={onClose}
      title={<Text fw={650}>{marking === undefined ? '' : verdictWords[marking.verdict].label}</Text>}
    >
      {marking !== undefined && <MarkForm marking={marking} onClose={onClose} />}
    </Modal>
  )
}

function MarkForm({
  marking: { deployment, verdict },
  onClose,
}: {
  readonly marking: Marking
  readonly onClose: () => void
}) {
  const mark = useMarkDeployment()
  const save = (form: FormData) =>
    mark.mutate(
      { params: { id: deployment.id }, body: { verdict, reason: readText(form, 'reason') } },
      { onSuccess: onClose },
    )
  return (
    <ApiForm onSubmit={save} label="Say of a deployment">
      <Stack>
        <Text>{`${deployment.name ?? deployment.environment} of ${deployment.repository.name}. ${verdictWords[verdict].meaning} Your word beats every rule until it is taken back.`}</Text>
        <Textarea
          name="reason"
          label="Reason"
          required
          autosize
          minRows={2}
          maxLength={500}
          data-autofocus
          error={fieldError(mark.error, 'reason')}
        />
        <FormEnd submit="Say so" form={mark} onCancel={onClose} />
      </Stack>
    </ApiForm>
  )
}
