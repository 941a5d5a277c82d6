import { List, Modal, NumberInput, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useSetGoal } from '../../../api/metrics.ts'
import { ApiForm } from '../../../ui/form.tsx'
import { FormEnd } from '../../../ui/form-end.tsx'
import { fromInput, goalWords, inputLabel, judgeBounds, type MetricGoal, toInput } from './goal-words.ts'

type GoalDialogProps = { readonly goal: MetricGoal; readonly onClose: () => void }

export function GoalDialog({ goal, onClose }: GoalDialogProps) {
  const { unit, direction, title } = goal
  const set = useSetGoal()
  const [target, setTarget] = useState<number | string>(toInput(goal.target, unit))
  const [amber, setAmber] = useState<number | string>(toInput(goal.amber, unit))
  const [from, setFrom] = useState('')
  const bounds = { target: fromInput(target, unit), amber: fromInput(amber, unit) }
  const wrong = judgeBounds(bounds, goal)
  const submit = () => {
    if (wrong.target !== undefined || wrong.amber !== undefined) return
    const body = { metric: goal.metric, ...bounds, ...(from !== '' && { valid_from: from }) }
    set.mutate({ body }, { onSuccess: onClose })
  }
  const which = direction === 'lower' ? 'at most' : 'at least'
  return (
    <Modal opened onClose={onClose} title={<Text fw={650}>{`Goal of “${title}”`}</Text>}>
      <ApiForm onSubmit={submit} label={`Goal of “${title}”`}>
        <Stack>
          <NumberInput
            label={`Target: ${which} (${inputLabel(unit)})`}
            description="Green from here on. Left empty, there is no goal."
            min={0}
            value={target}
            error={wrong.target}
            onChange={setTarget}
            data-autofocus
          />
          <NumberInput
            label={`Amber: ${which} (${inputLabel(unit)})`}
            description="What misses the target and not this is amber; all else is red."
            min={0}
            value={amber}
            error={wrong.amber}
            onChange={setAmber}
          />
          <TextInput
            type="date"
            label="From"
            description="Left empty: today. What was before keeps the goal it had."
            value={from}
            onChange={({ currentTarget: { value } }) => setFrom(value)}
          />
          {goal.set.length > 0 && <History goal={goal} />}
          <FormEnd submit="Set the goal" form={set} onCancel={onClose} />
        </Stack>
      </ApiForm>
    </Modal>
  )
}

function History({ goal }: { readonly goal: MetricGoal }) {
  return (
    <div>
      <Text size="sm" fw={500} id="goal-history">
        Set so far
      </Text>
      <List size="sm" c="dimmed" aria-labelledby="goal-history">
        {goal.set.map(({ valid_from, set_by, ...bounds }) => (
          <List.Item
            key={valid_from}
          >{`From ${valid_from}: ${goalWords({ ...goal, ...bounds })} (${set_by})`}</List.Item>
        ))}
      </List>
    </div>
  )
}
