import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Asset } from '../../../../contract/security/assets.ts'
import type { GateOverride, GateSettings } from '../../../../contract/security/gate.ts'
import { type Severity, severities } from '../../../../src/domain/severity.ts'
import { assetGateQuery, gateSettingsQuery, useUpdateAssetGate } from '../../../api/gate.ts'
import { useMay } from '../../../shell/use-session.ts'
import { SeverityBadge } from '../../../ui/badges.tsx'
import { ApiForm } from '../../../ui/form.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { FormProblem, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { severityWords } from '../../../ui/words.ts'
import {
  fieldOf,
  type LimitName,
  limitNames,
  mostDays,
  mostOpen,
  type OwnDraft,
  type OwnLimit,
  readOwnDraft,
  same,
  toOwnDraft,
} from './gate-draft.ts'
import classes from './gate-table.module.css'

/** Limits of this asset alone, where they differ from the organization's. */
export function OverridePanel({ asset }: { readonly asset: Asset }) {
  const settings = useQuery(gateSettingsQuery)
  const gate = useQuery(assetGateQuery(asset.id, asset.default_branch))
  if (settings.isError) return <ProblemNote error={settings.error} onRetry={() => void settings.refetch()} />
  if (settings.data === undefined || gate.data === undefined) return gate.isError ? null : <LoadingRows rows={5} />
  const { override } = gate.data
  return <OverrideForm key={JSON.stringify(override)} asset={asset} override={override} settings={settings.data} />
}

type FormProps = { readonly asset: Asset; readonly override: GateOverride; readonly settings: GateSettings }

function OverrideForm({ asset, override, settings }: FormProps) {
  const mayWrite = useMay('asset.write')
  const [draft, setDraft] = useState<OwnDraft>(() => toOwnDraft(override))
  const update = useUpdateAssetGate()
  const given = readOwnDraft(draft)
  const isChanged = JSON.stringify(given) !== JSON.stringify(override)
  const save = () => {
    if (given === undefined) return
    const params = { id: asset.id }
    update.mutate(
      { params, body: { override: given } },
      { onSuccess: () => notifications.show({ message: 'Limits of the asset saved' }) },
    )
  }
  return (
    <Panel
      title="Limits of this asset"
      lead={`Where nothing is chosen, the organization’s limits hold.${mayWrite ? '' : ' Your role can read them, not change them.'}`}
    >
      <ApiForm label="Limits of this asset" onSubmit={save}>
        <fieldset disabled={!mayWrite} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
          <Stack>
            <OwnTable draft={draft} settings={settings} onChange={setDraft} />
            <FormProblem error={update.error} />
            {mayWrite && (
              <Group justify="flex-end">
                <Button type="submit" loading={update.isPending} disabled={given === undefined || !isChanged}>
                  Save
                </Button>
              </Group>
            )}
          </Stack>
        </fieldset>
      </ApiForm>
    </Panel>
  )
}

const columns = { most_open: 'Open at most', most_age_days: 'Days old at most' } as const

type TableProps = {
  readonly draft: OwnDraft
  readonly settings: GateSettings
  readonly onChange: (draft: OwnDraft) => void
}

function OwnTable({ draft, settings, onChange }: TableProps) {
  return (
    <table className={classes.table}>
      <caption className={classes.caption}>Limits of this asset by severity</caption>
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
              return (
                <td key={limit}>
                  <OwnField
                    severity={severity}
                    limit={limit}
                    value={draft[name] ?? same}
                    general={settings.limits[severity][limit]}
                    onChange={(own) => onChange({ ...draft, [name]: own })}
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

type FieldProps = {
  readonly severity: Severity
  readonly limit: LimitName
  readonly value: OwnLimit
  readonly general: number | null
  readonly onChange: (own: OwnLimit) => void
}

const kinds = ['same', 'none', 'own'] as const

function OwnField({ severity, limit, value, general, onChange }: FieldProps) {
  const label = `${severityWords[severity]}: ${columns[limit].toLowerCase()}`
  const least = limit === 'most_open' ? 0 : 1
  return (
    <div className={classes.own}>
      <NativeSelect
        aria-label={label}
        value={value.kind}
        onChange={(event) => {
          const kind = kinds.find((one) => one === event.currentTarget.value) ?? 'same'
          onChange({ kind, text: kind === 'own' ? `${general ?? least}` : '' })
        }}
        data={[
          { value: 'same', label: general === null ? 'As for all: none' : `As for all: ${general}` },
          { value: 'none', label: 'No limit' },
          { value: 'own', label: 'A number of its own' },
        ]}
      />
      {value.kind === 'own' && (
        <TextInput
          type="number"
          aria-label={`${label}, number of its own`}
          required
          min={least}
          max={limit === 'most_open' ? mostOpen : mostDays}
          value={value.text}
          onChange={(event) => onChange({ kind: 'own', text: event.currentTarget.value })}
        />
      )}
    </div>
  )
}
