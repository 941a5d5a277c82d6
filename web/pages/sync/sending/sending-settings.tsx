import { Button, Group, Stack, Switch, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { SendingSettings } from '../../../../contract/sync/sending-settings.ts'
import { sendingSettingsQuery, useUpdateSendingSettings } from '../../../api/sending.ts'
import { useMay } from '../../../shell/use-session.ts'
import { ApiForm } from '../../../ui/form.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { FormProblem, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { areUsable } from './are-usable.ts'
import { ItemPreview } from './item-preview.tsx'
import { TemplateFields } from './template-fields.tsx'

/** What leaves for trackers, unless a route says otherwise. */
export function SendingSettingsPage() {
  const found = useQuery(sendingSettingsQuery)
  if (found.isPending) return <LoadingRows rows={6} height={44} />
  if (found.isError) return <ProblemNote error={found.error} onRetry={() => void found.refetch()} />
  const { is_default: isDefault, ...settings } = found.data
  return <SendingForm key={JSON.stringify(settings)} settings={settings} isDefault={isDefault} />
}

type FormProps = { readonly settings: SendingSettings; readonly isDefault: boolean }

function SendingForm({ settings, isDefault }: FormProps) {
  const mayWrite = useMay('organization.write')
  const mayPreview = useMay('policy.write')
  const [draft, setDraft] = useState(settings)
  const update = useUpdateSendingSettings()
  const isChanged = JSON.stringify(draft) !== JSON.stringify(settings)
  const save = () => update.mutate({ body: draft }, { onSuccess: () => notifications.show({ message: 'Saved' }) })
  return (
    <ApiForm label="What is sent" onSubmit={save}>
      <Stack>
        <Panel
          title="What is sent"
          lead={`What items in trackers say. A route can say otherwise; what was sent stays as it is.${mayWrite ? '' : ' An administrator can change it.'}`}
        >
          <fieldset disabled={!mayWrite} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
            <Stack>
              <Switch
                label="Send code"
                description="Lines of code in titles, bodies, annotations and summaries. Secrets never leave, whatever stands here."
                checked={draft.send_code}
                onChange={(event) => setDraft({ ...draft, send_code: event.currentTarget.checked })}
              />
              <TemplateFields
                templates={draft.templates}
                onChange={(templates) => setDraft((before) => ({ ...before, templates }))}
              />
            </Stack>
          </fieldset>
        </Panel>
        {mayPreview && (
          <Panel title="Preview" lead="As a new item would say it; nothing is sent.">
            <ItemPreview rules={{ organization: draft }} />
          </Panel>
        )}
        <FormProblem error={update.error} />
        {mayWrite && (
          <Group justify="space-between">
            <Text size="sm" c="dimmed">
              {isDefault ? 'This is what Weir begins with; nothing is saved yet.' : ''}
            </Text>
            <Button type="submit" loading={update.isPending} disabled={!isChanged || !areUsable(draft.templates)}>
              Save
            </Button>
          </Group>
        )}
      </Stack>
    </ApiForm>
  )
}
