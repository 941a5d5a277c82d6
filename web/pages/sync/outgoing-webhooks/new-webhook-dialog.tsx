import { Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { OutgoingWebhook } from '../../../../contract/sync/outgoing-webhooks.ts'
import { outgoingEventTypes, outgoingKinds } from '../../../../src/domain/outgoing/outgoing-event.ts'
import { useCreateOutgoingWebhook } from '../../../api/outgoing-webhooks.ts'
import { ApiForm, fieldError, readText } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { ShownOnce } from '../../access/settings/shown-once.tsx'
import { kindWords } from './event-words.ts'
import { readWebhookFields, WebhookFields } from './webhook-fields.tsx'

const addressHints: Record<OutgoingWebhook['kind'], string> = {
  standard: 'Answer with a 2xx status within 15 seconds.',
  slack: 'Address of an incoming webhook of Slack. Whoever knows it can write into the channel: it is kept sealed.',
  teams: 'Address of a workflow “when a Teams webhook request is received”. It is a secret, too, and kept sealed.',
}

type NewWebhookDialogProps = { readonly opened: boolean; readonly onClose: () => void }

export function NewWebhookDialog({ opened, onClose }: NewWebhookDialogProps) {
  const [kind, setKind] = useState<OutgoingWebhook['kind']>('standard')
  const create = useCreateOutgoingWebhook()
  const close = () => {
    onClose()
    create.reset()
  }
  const submit = (form: FormData) =>
    create.mutate(
      { body: { kind, url: readText(form, 'url'), ...readWebhookFields(form) } },
      { onSuccess: ({ secret }) => secret === null && close() },
    )
  const secret = create.data?.secret ?? null
  return (
    <Modal opened={opened} onClose={close} title={<Text fw={650}>New webhook</Text>}>
      {secret === null ? (
        <ApiForm onSubmit={submit} label="New webhook">
          <Stack>
            <NativeSelect
              label="What it is"
              value={kind}
              onChange={(event) =>
                setKind(outgoingKinds.find((one) => one === event.currentTarget.value) ?? 'standard')
              }
              data={outgoingKinds.map((value) => ({ value, label: kindWords[value] }))}
            />
            <TextInput
              name="url"
              label="Address"
              description={addressHints[kind]}
              placeholder="https://"
              required
              maxLength={2000}
              autoComplete="off"
              error={fieldError(create.error, 'url')}
            />
            <WebhookFields
              given={{ name: '', events: outgoingEventTypes, severity: 'notification' }}
              error={create.error}
            />
            <FormEnd submit="Make the webhook" form={create} onCancel={close} />
          </Stack>
        </ApiForm>
      ) : (
        <ShownOnce value={secret} copy="Copy the secret" onDone={close}>
          <Text>
            Copy the signing secret now: it is not shown again. With it the receiver knows that Weir sent this.
          </Text>
        </ShownOnce>
      )}
    </Modal>
  )
}
