import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { toLocalPath } from '../../../api/leave-to-login.ts'
import { sessionQuery, setupQuery, useLogIn } from '../../../api/session.ts'
import { ApiForm, readSecret, readText } from '../../../ui/form.tsx'
import { FormProblem } from '../../../ui/states.tsx'
import { useFirstFocus } from '../../../ui/use-first-focus.ts'
import { EntryFrame } from '../entry-frame.tsx'

const route = getRouteApi('/login')

export function LoginPage() {
  const search = route.useSearch()
  const router = useRouter()
  const client = useQueryClient()
  const setup = useQuery(setupQuery)
  const logIn = useLogIn()
  const first = useFirstFocus<HTMLInputElement>()
  const submit = (form: FormData) =>
    logIn.mutate(
      { body: { email: readText(form, 'email'), password: readSecret(form, 'password') } },
      {
        onSuccess: (session) => {
          client.setQueryData(sessionQuery.queryKey, session)
          router.history.push(toLocalPath(search.return))
        },
      },
    )
  return (
    <EntryFrame title="Log in to Weir">
      <ApiForm onSubmit={submit} label="Log in">
        <Stack>
          <TextInput
            name="email"
            type="email"
            label="E-mail"
            autoComplete="username"
            required
            ref={first}
            withAsterisk={false}
          />
          <PasswordInput
            name="password"
            label="Password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
          />
          <FormProblem error={logIn.error} />
          <Button type="submit" loading={logIn.isPending} fullWidth mt="xs">
            Log in
          </Button>
          <Text size="xs" c="dimmed" ta="center">
            {setup.data?.is_demo === true
              ? 'This is a demo: the ways to log in stand in the terminal that started it.'
              : 'Forgot the password? An administrator can reset it with “weir user reset-password”.'}
          </Text>
        </Stack>
      </ApiForm>
    </EntryFrame>
  )
}
