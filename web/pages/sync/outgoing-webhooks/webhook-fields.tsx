import { Checkbox, NativeSelect, Stack, TextInput } from '@mantine/core'
import { type OutgoingEventType, outgoingEventTypes } from '../../../../src/domain/outgoing/outgoing-event.ts'
import { type Severity, severities } from '../../../../src/domain/severity.ts'
import { fieldError, readText } from '../../../ui/form.tsx'
import { severityWords } from '../../../ui/words.ts'
import { eventWords } from './event-words.ts'

type Given = { readonly name: string; readonly events: readonly OutgoingEventType[]; readonly severity: Severity }

/** What a new webhook and a changed one have in common. */
export function WebhookFields({ given, error }: { readonly given: Given; readonly error: unknown }) {
  return (
    <>
      <TextInput name="name" label="Name" required maxLength={200} defaultValue={given.name} data-autofocus />
      <Checkbox.Group label="Tell when" defaultValue={[...given.events]} error={fieldError(error, 'events')}>
        <Stack gap={8} mt={6}>
          {outgoingEventTypes.map((type) => (
            <Checkbox key={type} name="events" value={type} label={eventWords[type]} />
          ))}
        </Stack>
      </Checkbox.Group>
      <NativeSelect
        name="min_severity"
        label="Of vulnerabilities from"
        defaultValue={given.severity}
        data={severities.map((value) => ({ value, label: severityWords[value] }))}
      />
    </>
  )
}

export function readWebhookFields(form: FormData) {
  return {
    name: readText(form, 'name'),
    events: outgoingEventTypes.filter((type) => form.getAll('events').includes(type)),
    min_severity: severities.find((severity) => severity === readText(form, 'min_severity')) ?? 'notification',
  }
}
