import { Button, Group, PasswordInput, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useRef } from 'react'
import { useChangePassword } from '../../../api/session.ts'
import { useSession } from '../../../shell/use-session.ts'
import { ApiForm, fieldError, readSecret } from '../../../ui/form.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { FormProblem } from '../../../ui/states.tsx'

const toggle = { 'aria-label': 'Show or hide the password' }

export function Password() {
  const { member } = useSession()
  const change = useChangePassword()
  const box = useRef<HTMLDivElement>(null)
  const submit = (form: FormData) =>
    change.mutate(
      {
        body: {
          current_password: readSecret(form, 'current_password'),
          new_password: readSecret(form, 'new_password'),
        },
      },
      {
        onSuccess: () => {
          box.current?.querySelector('form')?.reset()
          notifications.show({ message: 'Password changed. Every other session has ended.' })
        },
      },
    )
  return (
    <Panel title="Password" lead="After a change every other session of yours ends; this one stays.">
      <div ref={box}>
        <ApiForm onSubmit={submit} label="Change the password">
          <Stack maw={420}>
            <input type="hidden" name="username" autoComplete="username" value={member.email} readOnly />
            <PasswordInput
              name="current_password"
              label="Current password"
              required
              maxLength={128}
              autoComplete="current-password"
              visibilityToggleButtonProps={toggle}
              error={fieldError(change.error, 'current_password')}
            />
            <PasswordInput
              name="new_password"
              label="New password"
              description="At least 12 characters."
              required
              minLength={12}
              maxLength={128}
              autoComplete="new-password"
              visibilityToggleButtonProps={toggle}
              error={fieldError(change.error, 'new_password')}
            />
            <FormProblem error={change.error} />
            <Group>
              <Button type="submit" loading={change.isPending}>
                Change the password
              </Button>
            </Group>
          </Stack>
        </ApiForm>
      </div>
    </Panel>
  )
}
