import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contributor } from '../../../../contract/access/contributors.ts'
import { addressesQuery, useAddAddress, useAnonymise } from '../../../api/contributors.ts'
import { useMay } from '../../../shell/use-session.ts'
import { ApiForm, fieldError, readText } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { AccountSelect } from './account-select.tsx'

const sourceWords = {
  remote: 'shown by Bitbucket or Jira',
  commit: 'of commits',
  person: 'added by a person',
  file: 'from a table',
} as const

/** The addresses of one person's commits, and taking the name away. */
export function PersonPanel() {
  const [person, setPerson] = useState<Contributor | null>(null)
  return (
    <Panel
      title="One person"
      lead="Commits are a person’s by their e-mail addresses. A name can be taken away for good, as privacy law may ask."
    >
      <Stack gap="md">
        <AccountSelect label="Account" account={person} onChange={setPerson} />
        {person !== null && <Addresses key={person.id} person={person} />}
        {person !== null && <Anonymise key={`name ${person.id}`} person={person} onDone={() => setPerson(null)} />}
      </Stack>
    </Panel>
  )
}

function Addresses({ person }: { readonly person: Contributor }) {
  const list = useQuery(addressesQuery(person.id))
  const add = useAddAddress()
  const [text, setText] = useState('')
  const items = list.data?.items ?? []
  const save = () =>
    add.mutate({ params: { id: person.id }, body: { address: text } }, { onSuccess: () => setText('') })
  return (
    <Stack gap="xs">
      <Text fw={600} component="h3">
        Addresses
      </Text>
      {list.isPending && <LoadingRows rows={2} height={28} />}
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && <Text c="dimmed">No address is known of this person.</Text>}
      {items.map(({ address, source }) => (
        <Text key={`${source} ${address}`} className="break">
          {`${address} · `}
          <Text span size="sm" c="dimmed">
            {sourceWords[source]}
          </Text>
        </Text>
      ))}
      {!person.is_anonymised && (
        <ApiForm onSubmit={save} label="Add an address">
          <Group align="flex-end">
            <TextInput
              type="email"
              label="Commits with this address are theirs too"
              description="Whoever it belongs to now is merged into them; the history takes it back"
              required
              w={360}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              error={fieldError(add.error, 'address')}
            />
          </Group>
          <FormEnd submit="Add the address" form={add} />
        </ApiForm>
      )}
    </Stack>
  )
}

function Anonymise({ person, onDone }: { readonly person: Contributor; readonly onDone: () => void }) {
  const may = useMay('organization.write')
  const [isAsking, setAsking] = useState(false)
  if (person.is_anonymised) return <Text c="dimmed">The name of this person was taken away.</Text>
  if (!may) return null
  return (
    <>
      <Group>
        <Button variant="default" onClick={() => setAsking(true)}>
          Take the name away …
        </Button>
      </Group>
      <Modal
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={<Text fw={650}>Take the name away for good?</Text>}
      >
        {isAsking && <AnonymiseForm person={person} onDone={onDone} onCancel={() => setAsking(false)} />}
      </Modal>
    </>
  )
}

type AnonymiseFormProps = {
  readonly person: Contributor
  readonly onDone: () => void
  readonly onCancel: () => void
}

function AnonymiseForm({ person, onDone, onCancel }: AnonymiseFormProps) {
  const anonymise = useAnonymise()
  const save = (form: FormData) =>
    anonymise.mutate({ params: { id: person.id }, body: { confirm: readText(form, 'confirm') } }, { onSuccess: onDone })
  const accounts = 1 + person.parts.length
  return (
    <ApiForm onSubmit={save} label="Take the name away">
      <Stack>
        <Text className="break">
          {`Name, nickname and addresses of ${person.name}${accounts > 1 ? `, of all ${accounts} accounts,` : ''} are replaced by a made-up name. Figures and history stay. It cannot be taken back, and messages and commits at Bitbucket keep their author.`}
        </Text>
        <TextInput
          name="confirm"
          label={`Type ${person.name} to go on`}
          required
          autoComplete="off"
          data-autofocus
          error={fieldError(anonymise.error, 'confirm')}
        />
        <FormEnd danger submit="Take the name away" form={anonymise} onCancel={onCancel} />
      </Stack>
    </ApiForm>
  )
}
