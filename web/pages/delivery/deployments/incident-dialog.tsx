import { Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { assetChoicesQuery } from '../../../api/assets.ts'
import { useRecordIncident } from '../../../api/deployments.ts'
import { ApiForm, fieldError, readText } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'

type IncidentDialogProps = { readonly opened: boolean; readonly onClose: () => void }

/** Writes down an incident by hand. */
export function IncidentDialog({ opened, onClose }: IncidentDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={650}>An incident</Text>}>
      {opened && <IncidentForm onClose={onClose} />}
    </Modal>
  )
}

/** What a field of date and time holds, in the reader's zone; empty is not told. */
function toMoment(text: string): string | undefined {
  return text === '' ? undefined : new Date(text).toISOString()
}

function IncidentForm({ onClose }: { readonly onClose: () => void }) {
  const record = useRecordIncident()
  const assets = useQuery(assetChoicesQuery)
  const [repository, setRepository] = useState<string | null>(null)
  // The same however often the form is sent.
  const [key] = useState(() => `person-${crypto.randomUUID()}`)
  const names = (assets.data?.items ?? []).flatMap(({ repository: one }) => (one === null ? [] : [one.full_name]))
  const save = (form: FormData) => {
    const began_at = toMoment(readText(form, 'began_at'))
    const resolved_at = toMoment(readText(form, 'resolved_at'))
    const severity = readText(form, 'severity')
    record.mutate(
      {
        body: {
          repository: repository ?? '',
          key,
          title: readText(form, 'title'),
          ...(began_at !== undefined && { began_at }),
          ...(resolved_at !== undefined && { resolved_at }),
          ...(severity !== '' && { severity }),
        },
      },
      { onSuccess: onClose },
    )
  }
  return (
    <ApiForm onSubmit={save} label="An incident">
      <Stack>
        <TextInput
          name="title"
          label="What happened"
          required
          maxLength={300}
          data-autofocus
          error={fieldError(record.error, 'title')}
        />
        <Select
          label="Repository"
          required
          searchable
          value={repository}
          onChange={setRepository}
          data={[...new Set(names)]}
          nothingFoundMessage="No repository is called so"
          error={fieldError(record.error, 'repository')}
        />
        <TextInput
          type="datetime-local"
          name="began_at"
          label="Began"
          description="Empty: now"
          error={fieldError(record.error, 'began_at')}
        />
        <TextInput
          type="datetime-local"
          name="resolved_at"
          label="Resolved"
          description="Empty: it lasts"
          error={fieldError(record.error, 'resolved_at')}
        />
        <TextInput name="severity" label="Severity" description="As you call it" maxLength={50} />
        <FormEnd submit="Add" form={record} onCancel={onClose} />
      </Stack>
    </ApiForm>
  )
}
