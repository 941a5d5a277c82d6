import { Fieldset, NativeSelect, Stack } from '@mantine/core'
import type { RouteSending } from '../../../../src/domain/sending/sending-rules.ts'
import { Disclosure } from '../../../ui/disclosure.tsx'
import { ItemPreview } from '../sending/item-preview.tsx'
import { TemplateFields } from '../sending/template-fields.tsx'

type TextSettingsProps = {
  readonly sending: RouteSending
  readonly onChange: (sending: RouteSending) => void
}

/** What items by this route say, where it is something else than the organization has. */
export function TextSettings({ sending, onChange }: TextSettingsProps) {
  const { send_code: sendsCode, ...rest } = sending
  return (
    <Fieldset legend="What is sent">
      <Stack gap="sm">
        <NativeSelect
          label="Send code"
          value={sendsCode === undefined ? '' : String(sendsCode)}
          onChange={({ currentTarget: { value } }) =>
            onChange(value === '' ? rest : { ...rest, send_code: value === 'true' })
          }
          data={[
            { value: '', label: 'As the organization has it' },
            { value: 'true', label: 'Yes' },
            { value: 'false', label: 'No' },
          ]}
        />
        <Disclosure
          label="Templates of this route"
          openLabel="Hide the templates of this route"
          startsOpen={Object.keys(sending.templates ?? {}).length > 0}
        >
          <Stack gap="sm">
            <TemplateFields
              templates={sending.templates ?? {}}
              onChange={(templates) => onChange({ ...sending, templates })}
            />
            <ItemPreview rules={{ route: sending }} />
          </Stack>
        </Disclosure>
      </Stack>
    </Fieldset>
  )
}
