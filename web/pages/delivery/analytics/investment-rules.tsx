import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { InvestmentRule } from '../../../../contract/delivery/investment.ts'
import {
  investmentSettingsQuery,
  useTryInvestmentSettings,
  useUpdateInvestmentSettings,
} from '../../../api/investment.ts'
import { useMay } from '../../../shell/use-session.ts'
import { ApiForm } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { FormProblem, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { count } from '../../../ui/words.ts'

const fields = [
  { value: 'branch', label: 'Branch' },
  { value: 'title', label: 'Title' },
  { value: 'repository', label: 'Repository' },
  { value: 'label', label: 'Label' },
  { value: 'path', label: 'Changed file' },
  { value: 'vulnerability', label: 'Vulnerability' },
] as const
const fieldNames = {
  branch: 'branch',
  title: 'title',
  repository: 'repository',
  label: 'label',
  path: 'changed file',
  vulnerability: 'remedies a vulnerability',
} as const
/** What a pattern may look like. */
const examples = {
  branch: 'feature/*',
  title: '*invoice*',
  repository: 'warehouse*',
  label: 'Customer wish',
  path: 'docs/*',
  vulnerability: '*',
} as const

/** A rule in words: `Upkeep: branch chore/*`. */
function ruleWords({ category, field, pattern }: InvestmentRule): string {
  return `${category}: ${fieldNames[field]}${field === 'vulnerability' ? '' : ` ${pattern}`}`
}

/** What most teams call their branches; to begin with. */
const usual: readonly InvestmentRule[] = [
  { category: 'Features', field: 'branch', pattern: 'feature/*' },
  { category: 'Repairs', field: 'branch', pattern: 'bugfix/*' },
  { category: 'Repairs', field: 'branch', pattern: 'hotfix/*' },
  { category: 'Upkeep', field: 'branch', pattern: 'chore/*' },
]

/** By which rules pull requests are one category or another. */
export function InvestmentRules() {
  const settings = useQuery(investmentSettingsQuery)
  const mayWrite = useMay('organization.write')
  return (
    <Panel
      title="Rules"
      lead="In their order: the first that fits a pull request says its category. In a pattern * is anything; a rule of a changed file fits when one of the files does."
    >
      {settings.isPending && <LoadingRows rows={2} height={36} />}
      {settings.isError && <ProblemNote error={settings.error} onRetry={() => void settings.refetch()} />}
      {settings.isSuccess && mayWrite && (
        <RulesForm key={JSON.stringify(settings.data.rules)} saved={settings.data.rules} />
      )}
      {settings.isSuccess && !mayWrite && (
        <Stack gap={4}>
          {settings.data.rules.length === 0 && <Text c="dimmed">No rules yet. An administrator can add some.</Text>}
          {settings.data.rules.map((rule) => (
            <Text key={`${rule.field} ${rule.pattern}`} className="break">
              {ruleWords(rule)}
            </Text>
          ))}
        </Stack>
      )}
    </Panel>
  )
}

type Line = InvestmentRule & { key: number }

function RulesForm({ saved }: { readonly saved: readonly InvestmentRule[] }) {
  const [lines, setLines] = useState<readonly Line[]>(() => saved.map((rule, key) => ({ ...rule, key })))
  const [next, setNext] = useState(saved.length)
  const trial = useTryInvestmentSettings()
  const update = useUpdateInvestmentSettings()
  const change = (to: readonly Line[]) => {
    trial.reset()
    setLines(to)
  }
  const add = (rules: readonly InvestmentRule[]) => {
    change([...lines, ...rules.map((rule, index) => ({ ...rule, key: next + index }))])
    setNext(next + rules.length)
  }
  const body = { rules: lines.map(({ category, field, pattern }) => ({ category, field, pattern })) }
  return (
    <ApiForm onSubmit={() => update.mutate({ body })} label="Rules">
      <Stack gap="sm">
        {lines.length === 0 && (
          <Text c="dimmed">No rules yet. Add one, or begin with what branches are usually called.</Text>
        )}
        {lines.map((line, index) => (
          <RuleLine
            key={line.key}
            line={line}
            number={index + 1}
            taken={trial.data?.counts[index]}
            onChange={(part) => change(lines.map((one) => (one.key === line.key ? { ...one, ...part } : one)))}
            onUp={index === 0 ? undefined : () => change(swap(lines, index))}
            onRemove={() => change(lines.filter((one) => one.key !== line.key))}
          />
        ))}
        <Group gap="xs">
          <Button variant="default" onClick={() => add([{ category: '', field: 'branch', pattern: '' }])}>
            Add a rule
          </Button>
          {lines.length === 0 && (
            <Button variant="default" onClick={() => add(usual)}>
              Begin with the usual ones
            </Button>
          )}
          <Button variant="default" loading={trial.isPending} onClick={() => trial.mutate({ body })}>
            Try
          </Button>
        </Group>
        {trial.isSuccess && (
          <Text component="output">
            {`Of ${count(trial.data.total, 'pull request')} merged in the last 90 days ${trial.data.uncategorised} would be uncategorised.`}
          </Text>
        )}
        <FormProblem error={trial.error} />
        <FormEnd submit="Save" form={update} />
      </Stack>
    </ApiForm>
  )
}

/** The rule at a place and the one before it change places. */
function swap(lines: readonly Line[], index: number): Line[] {
  const [before, after] = [lines[index - 1], lines[index]]
  if (before === undefined || after === undefined) return [...lines]
  return lines.with(index - 1, after).with(index, before)
}

/** Only a vulnerability needs no pattern: what stood there before is no pattern of anything else. */
function lookAt({ field: before, pattern }: InvestmentRule, field: InvestmentRule['field']): Partial<InvestmentRule> {
  if (field === 'vulnerability') return { field, pattern: '*' }
  return { field, pattern: before === 'vulnerability' ? '' : pattern }
}

type RuleLineProps = {
  readonly line: Line
  readonly number: number
  /** How many pull requests it would take, where that was tried. */
  readonly taken: number | undefined
  readonly onChange: (part: Partial<InvestmentRule>) => void
  readonly onUp: (() => void) | undefined
  readonly onRemove: () => void
}

function RuleLine({ line, number, taken, onChange, onUp, onRemove }: RuleLineProps) {
  return (
    <Group gap="xs" align="flex-end">
      <TextInput
        label={`Category ${number}`}
        value={line.category}
        required
        maxLength={60}
        w={160}
        onChange={({ currentTarget: { value } }) => onChange({ category: value })}
      />
      <NativeSelect
        label={`Looks at ${number}`}
        value={line.field}
        w={150}
        data={[...fields]}
        onChange={({ currentTarget: { value } }) =>
          onChange(lookAt(line, fields.find((one) => one.value === value)?.value ?? 'branch'))
        }
      />
      {line.field === 'vulnerability' ? (
        <Text size="sm" w={200} mih={36} style={{ alignContent: 'center' }}>
          It remedies one
        </Text>
      ) : (
        <TextInput
          label={`Pattern ${number}`}
          value={line.pattern}
          required
          maxLength={200}
          w={200}
          placeholder={examples[line.field]}
          onChange={({ currentTarget: { value } }) => onChange({ pattern: value })}
        />
      )}
      <Button variant="default" disabled={onUp === undefined} onClick={onUp} aria-label={`Move rule ${number} up`}>
        Up
      </Button>
      <Button variant="default" onClick={onRemove} aria-label={`Remove rule ${number}`}>
        Remove
      </Button>
      {taken !== undefined && <Text size="sm">{`would take ${taken}`}</Text>}
    </Group>
  )
}
