import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { GateSettings, GateVerdict } from '../../../../contract/security/gate.ts'
import { severities } from '../../../../src/domain/severity.ts'
import { gateSettingsQuery, gateTrialQuery, useUpdateGateSettings } from '../../../api/gate.ts'
import { useMay } from '../../../shell/use-session.ts'
import { SeverityBadge } from '../../../ui/badges.tsx'
import { ApiForm } from '../../../ui/form.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { FormProblem, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { count, severityWords } from '../../../ui/words.ts'
import { type Draft, fieldOf, limitNames, mostDays, mostOpen, readDraft, readWhole, toDraft } from './gate-draft.ts'
import classes from './gate-table.module.css'
import { GateBadge } from './gate-words.tsx'

/** The limits every asset is judged by, and what they would mean today. */
export function GateSettingsPage() {
  const found = useQuery(gateSettingsQuery)
  if (found.isPending) return <LoadingRows rows={6} height={44} />
  if (found.isError) return <ProblemNote error={found.error} onRetry={() => void found.refetch()} />
  const { is_default: isDefault, ...settings } = found.data
  return <GateForm key={JSON.stringify(settings)} settings={settings} isDefault={isDefault} />
}

type FormProps = { readonly settings: GateSettings; readonly isDefault: boolean }

function GateForm({ settings, isDefault }: FormProps) {
  const mayWrite = useMay('organization.write')
  const [draft, setDraft] = useState(() => toDraft(settings))
  const update = useUpdateGateSettings()
  const given = readDraft(draft)
  const isChanged = JSON.stringify(given) !== JSON.stringify(settings)
  const save = () => {
    if (given !== undefined)
      update.mutate({ body: given }, { onSuccess: () => notifications.show({ message: 'Security gate saved' }) })
  }
  return (
    <ApiForm label="Security gate" onSubmit={save}>
      <Stack>
        <Panel
          title="Security gate"
          lead={`What may be open on a branch, so that a pipeline goes on. An empty field is no limit; an asset can have limits of its own.${mayWrite ? '' : ' An administrator can change them.'}`}
        >
          <fieldset disabled={!mayWrite} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
            <Stack>
              <LimitsTable draft={draft} onChange={setDraft} />
              <TextInput
                type="number"
                label="Newest report younger than, in days"
                description="Older ones tell too little: the gate could not decide."
                min={1}
                max={mostDays}
                maw={300}
                placeholder="No limit"
                value={draft.importAge}
                onChange={(event) => setDraft({ ...draft, importAge: event.currentTarget.value })}
                error={readWhole(draft.importAge, 1, mostDays) === undefined && 'A whole number from 1'}
              />
            </Stack>
          </fieldset>
        </Panel>
        <Panel title={isChanged ? 'With these limits, right now' : 'Right now'} lead="Default branches of all assets.">
          {given === undefined ? <Text c="dimmed">Mend the fields above first.</Text> : <Trial settings={given} />}
        </Panel>
        <FormProblem error={update.error} />
        {mayWrite && (
          <Group justify="space-between">
            <Text size="sm" c="dimmed">
              {isDefault ? 'These are the limits Weir begins with; nothing is saved yet.' : ''}
            </Text>
            <Button
              type="submit"
              loading={update.isPending}
              disabled={given === undefined || !(isChanged || isDefault)}
            >
              Save
            </Button>
          </Group>
        )}
      </Stack>
    </ApiForm>
  )
}

const columns = { most_open: 'Open at most', most_age_days: 'Days old at most' } as const

type TableProps = { readonly draft: Draft; readonly onChange: (draft: Draft) => void }

function LimitsTable({ draft, onChange }: TableProps) {
  return (
    <table className={classes.table}>
      <caption className={classes.caption}>Limits by severity</caption>
      <thead>
        <tr>
          <th scope="col">Severity</th>
          {limitNames.map((limit) => (
            <th key={limit} scope="col">
              {columns[limit]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {severities.map((severity) => (
          <tr key={severity}>
            <th scope="row">
              <SeverityBadge severity={severity} />
            </th>
            {limitNames.map((limit) => {
              const name = fieldOf(severity, limit)
              const least = limit === 'most_open' ? 0 : 1
              const value = draft.limits[name] ?? ''
              return (
                <td key={limit}>
                  <TextInput
                    type="number"
                    aria-label={`${severityWords[severity]}: ${columns[limit].toLowerCase()}`}
                    min={least}
                    max={limit === 'most_open' ? mostOpen : mostDays}
                    placeholder="No limit"
                    value={value}
                    onChange={(event) =>
                      onChange({ ...draft, limits: { ...draft.limits, [name]: event.currentTarget.value } })
                    }
                    error={
                      readWhole(value, least, limit === 'most_open' ? mostOpen : mostDays) === undefined &&
                      `A whole number from ${least}`
                    }
                  />
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const order: readonly GateVerdict[] = ['failed', 'warning', 'passed', 'could_not_decide']
/** While somebody types, nothing is asked. */
const typingMs = 300

function Trial({ settings }: { readonly settings: GateSettings }) {
  const [asked] = useDebouncedValue(settings, typingMs)
  const trial = useQuery(gateTrialQuery(asked))
  if (trial.isError) return <ProblemNote error={trial.error} onRetry={() => void trial.refetch()} />
  if (trial.data === undefined) return <LoadingRows rows={1} height={28} />
  const counts = trial.data
  return (
    <Group gap="lg" component="output">
      {order.map((verdict) => (
        <Group key={verdict} gap={8}>
          <GateBadge verdict={verdict} />
          <span className="tabular">{count(counts[verdict], 'asset')}</span>
        </Group>
      ))}
    </Group>
  )
}
