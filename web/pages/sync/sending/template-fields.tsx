import { Code, NativeSelect, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { findingKinds } from '../../../../src/domain/finding-kind.ts'
import {
  defaultItemTemplate,
  findTemplateProblem,
  itemPlaceholders,
  listPlaceholders,
} from '../../../../src/domain/sending/item-placeholders.ts'
import type { ItemTemplates } from '../../../../src/domain/sending/item-templates.ts'
import { Disclosure } from '../../../ui/disclosure.tsx'
import { toWords } from '../../../ui/words.ts'

const kinds = ['any', ...findingKinds] as const
type Kind = (typeof kinds)[number]

type TemplateFieldsProps = {
  readonly templates: ItemTemplates
  readonly onChange: (templates: ItemTemplates) => void
}

/** Title and body of items by kind of vulnerability; what is emptied is as it is without a template. */
export function TemplateFields({ templates, onChange }: TemplateFieldsProps) {
  const [kind, setKind] = useState<Kind>('any')
  const present = templates[kind] ?? {}
  const change = (part: 'title' | 'body', text: string) => {
    const { [part]: _before, ...rest } = present
    const next = text.trim() === '' ? rest : { ...rest, [part]: text }
    const { [kind]: _template, ...others } = templates
    onChange(Object.keys(next).length === 0 ? others : { ...others, [kind]: next })
  }
  return (
    <Stack gap="sm">
      <NativeSelect
        label="Kind of vulnerability"
        value={kind}
        onChange={(event) => setKind(kinds.find((one) => one === event.currentTarget.value) ?? 'any')}
        data={kinds.map((value) => ({ value, label: describeKind(value, templates) }))}
      />
      <TextInput
        label="Title"
        maxLength={200}
        placeholder={defaultItemTemplate.title}
        value={present.title ?? ''}
        onChange={(event) => change('title', event.currentTarget.value)}
        error={findTemplateProblem(present.title ?? '', 'title')}
      />
      <Textarea
        label="Body"
        description="Markdown. A line that asks for something empty is left out."
        autosize
        minRows={7}
        maxRows={20}
        maxLength={8000}
        placeholder={defaultItemTemplate.body}
        value={present.body ?? ''}
        onChange={(event) => change('body', event.currentTarget.value)}
        error={findTemplateProblem(present.body ?? '', 'body')}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
      />
      <Placeholders />
    </Stack>
  )
}

function describeKind(kind: Kind, templates: ItemTemplates): string {
  const words = kind === 'any' ? 'Any without a template of its own' : toWords(kind)
  return templates[kind] === undefined ? words : `${words} (changed)`
}

function Placeholders() {
  return (
    <Disclosure label="What can be asked for" openLabel="Hide what can be asked for">
      <SimpleGrid component="dl" cols={{ base: 1, sm: 2 }} spacing={4} m={0}>
        {listPlaceholders('body').map((name) => (
          <div key={name}>
            <Code component="dt" style={{ display: 'inline' }}>{`{{${name}}}`}</Code>{' '}
            <Text span component="dd" size="xs" c="dimmed" m={0}>
              {itemPlaceholders[name]}
            </Text>
          </div>
        ))}
      </SimpleGrid>
    </Disclosure>
  )
}
