import { Modal, Stack, Text, TextInput } from '@mantine/core'
import type { OutgoingWebhook } from '../../../../contract/sync/outgoing-webhooks.ts'
import { useUpdateOutgoingWebhook } from '../../../api/outgoing-webhooks.ts'
import { ApiForm, fieldError, readText } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { readWebhookFields, WebhookFields } from './webhook-fields.tsx'

type EditWebhookDialogProps = {
  readonly webhook: OutgoingWebhook
  readonly opened: boolean
  readonly onClose: () => void
}

export function EditWebhookDialog({ webhook, opened, onClose }: EditWebhookDialogProps) {
  const update = useUpdateOutgoingWebhook()
  const submit = (form: FormData) => {
    const url = readText(form, 'url')
    const body = { ...readWebhookFields(form), ...(url !== '' && { url }) }
    update.mutate({ params: { id: webhook.id }, body }, { onSuccess: onClose })
  }
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={650}>{`Change “${webhook.name}”`}</Text>}>
      <ApiForm onSubmit={submit} label="Change the webhook">
        <Stack>
          <WebhookFields
            given={{ name: webhook.name, events: webhook.events, severity: webhook.min_severity }}
            error={update.error}
          />
          <TextInput
            name="url"
            label="Another address"
            description={`Leave it empty to keep the one at ${webhook.address}.`}
            placeholder="https://"
            maxLength={2000}
            autoComplete="off"
            error={fieldError(update.error, 'url')}
          />
          <FormEnd submit="Save" form={update} onCancel={onClose} />
        </Stack>
      </ApiForm>
    </Modal>
  )
}
