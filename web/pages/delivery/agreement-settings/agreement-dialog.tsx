import { Checkbox, Modal, NativeSelect, NumberInput, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { agreementKinds, hasThreshold } from '../../../../src/domain/delivery/agreement-kinds.ts'
import { useUpdateAgreements } from '../../../api/metrics.ts'
import { teamsQuery } from '../../../api/teams.ts'
import { ApiForm } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { type Agreement, toTerms } from './agreement-terms.ts'

const kindWords = {
  first_review_within: 'First review within some hours',
  reviewed_before_merge: 'No merge without a review',
  size_at_most: 'At most so many changed lines',
  linked_key: 'A key in title or branch',
} as const

type AgreementDialogProps = {
  readonly all: readonly Agreement[]
  /** Undefined for a new one. */
  readonly edited: Agreement | undefined
  readonly onClose: () => void
}

export function AgreementDialog({ all, edited, onClose }: AgreementDialogProps) {
  const update = useUpdateAgreements()
  const teams = useQuery(teamsQuery)
  const [kind, setKind] = useState(edited?.kind ?? 'first_review_within')
  const [threshold, setThreshold] = useState<number | string>(edited?.threshold ?? 24)
  const [team, setTeam] = useState(edited?.team?.id ?? '')
  const [isOn, setIsOn] = useState(edited?.is_on ?? true)
  const others = all.filter((one) => one !== edited)
  const isTwice = others.some((one) => one.kind === kind && (one.team?.id ?? '') === team)
  const isNumber = typeof threshold === 'number' && Number.isInteger(threshold) && threshold >= 1
  const isWrong = hasThreshold(kind) && !isNumber
  const submit = () => {
    if (isTwice || isWrong) return
    const terms = { kind, threshold: hasThreshold(kind) ? Number(threshold) : null, is_on: isOn, team_id: team || null }
    update.mutate({ body: { items: [...others.map(toTerms), terms] } }, { onSuccess: onClose })
  }
  const title = edited === undefined ? 'New agreement' : 'Change the agreement'
  return (
    <Modal opened onClose={onClose} title={<Text fw={650}>{title}</Text>}>
      <ApiForm onSubmit={submit} label={title}>
        <Stack>
          <NativeSelect
            label="Agreement"
            value={kind}
            error={isTwice && 'This is agreed on there already.'}
            onChange={({ currentTarget: { value } }) => setKind(agreementKinds.find((one) => one === value) ?? kind)}
            data={agreementKinds.map((value) => ({ value, label: kindWords[value] }))}
          />
          {hasThreshold(kind) && (
            <NumberInput
              label={kind === 'size_at_most' ? 'Lines' : 'Hours'}
              min={1}
              max={1_000_000}
              allowDecimal={false}
              value={threshold}
              error={isWrong && 'A whole number from 1 on.'}
              onChange={setThreshold}
            />
          )}
          <NativeSelect
            label="Who"
            value={team}
            error={teams.isError && 'The teams could not be read.'}
            onChange={({ currentTarget: { value } }) => setTeam(value)}
            data={[
              { value: '', label: 'Everybody' },
              ...(teams.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
          <Checkbox label="In force" checked={isOn} onChange={({ currentTarget }) => setIsOn(currentTarget.checked)} />
          <FormEnd submit="Save" form={update} onCancel={onClose} />
        </Stack>
      </ApiForm>
    </Modal>
  )
}
