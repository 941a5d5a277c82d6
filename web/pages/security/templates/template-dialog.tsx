import { Code, Modal, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { VulnerabilityTemplate } from '../../../../contract/security/vulnerability-templates.ts'
import { placeholders } from '../../../../src/domain/fill-template.ts'
import { useCreateTemplate, useUpdateTemplate } from '../../../api/by-hand.ts'
import { ApiForm, fieldError } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { MarkdownField } from '../../../ui/markdown-field.tsx'
import { RatingFields } from '../../../ui/rating-fields.tsx'
import { readCwe } from '../new-vulnerability/new-draft.ts'

type TemplateDialogProps = { readonly edited: VulnerabilityTemplate | 'new' | null; readonly onClose: () => void }

export function TemplateDialog({ edited, onClose }: TemplateDialogProps) {
  const title = edited === 'new' || edited === null ? 'New template' : `Template “${edited.name}”`
  return (
    <Modal opened={edited !== null} onClose={onClose} size="xl" title={<Text fw={650}>{title}</Text>}>
      {edited !== null && <TemplateForm template={edited === 'new' ? null : edited} onClose={onClose} />}
    </Modal>
  )
}

function useTemplateForm(template: VulnerabilityTemplate | null, onClose: () => void) {
  const [fields, setFields] = useState({
    name: template?.name ?? '',
    title: template?.title ?? '',
    description: template?.description ?? '',
    remediation: template?.remediation ?? '',
    impact: template?.impact ?? 2,
    probability: template?.probability ?? 2,
    cwes: template?.cwes.map((cwe) => `CWE-${cwe}`) ?? [],
    tags: template?.tags ?? [],
  })
  const create = useCreateTemplate()
  const update = useUpdateTemplate()
  const change = (part: Partial<typeof fields>) => setFields((before) => ({ ...before, ...part }))
  const save = () => {
    const body = { ...fields, cwes: fields.cwes.flatMap((text) => readCwe(text) ?? []) }
    if (template === null) create.mutate({ body }, { onSuccess: onClose })
    else
      update.mutate(
        { params: { id: template.id }, body: { ...body, version: template.version } },
        { onSuccess: onClose },
      )
  }
  return { fields, change, save, isPending: create.isPending || update.isPending, error: create.error ?? update.error }
}

type TemplateFormProps = { readonly template: VulnerabilityTemplate | null; readonly onClose: () => void }

function TemplateForm({ template, onClose }: TemplateFormProps) {
  const form = useTemplateForm(template, onClose)
  const { fields, change } = form
  return (
    <ApiForm onSubmit={form.save} label="Template">
      <Stack>
        <TextInput
          label="Name"
          description="As it stands in the menu of templates."
          required
          maxLength={200}
          data-autofocus
          value={fields.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
          error={fieldError(form.error, 'name')}
        />
        <TextInput
          label="Title"
          required
          maxLength={300}
          value={fields.title}
          onChange={(event) => change({ title: event.currentTarget.value })}
          error={fieldError(form.error, 'title')}
        />
        <Text size="xs" c="dimmed">
          In title and texts{' '}
          {placeholders.map((name, index) => (
            <span key={name}>
              {index > 0 && ' and '}
              <Code>{`{{${name}}}`}</Code>
            </span>
          ))}{' '}
          become the names of the asset and the branch it is used for.
        </Text>
        <MarkdownField
          label="Description"
          value={fields.description}
          onChange={(description) => change({ description })}
          maxLength={30_000}
        />
        <MarkdownField
          label="How to fix it"
          value={fields.remediation}
          onChange={(remediation) => change({ remediation })}
          maxLength={30_000}
        />
        <RatingFields impact={fields.impact} probability={fields.probability} onChange={change} />
        <TagsInput
          label="Weaknesses"
          description="Numbers of the CWE, such as CWE-79"
          maxTags={20}
          value={fields.cwes}
          onChange={(cwes) => change({ cwes: cwes.flatMap((text) => readCwe(text) ?? []).map((cwe) => `CWE-${cwe}`) })}
        />
        <TagsInput
          label="Tags"
          maxTags={50}
          value={fields.tags}
          onChange={(tags) => change({ tags: tags.map((tag) => tag.slice(0, 50)) })}
        />
        <FormEnd submit={template === null ? 'Make the template' : 'Save'} form={form} onCancel={onClose} />
      </Stack>
    </ApiForm>
  )
}
