import { Button, PasswordInput, Stack, Stepper, Text, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { sessionQuery, setupQuery, useCompleteSetup } from '../../../api/session.ts'
import { ApiForm, fieldError, readSecret, readText } from '../../../ui/form.tsx'
import { ButtonLink } from '../../../ui/links.tsx'
import { EmptyState, FormProblem, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { useFirstFocus } from '../../../ui/use-first-focus.ts'
import { EntryFrame } from '../entry-frame.tsx'

type Answers = { token: string; organization: string }

export function SetupPage() {
  const setup = useQuery(setupQuery)
  return (
    <EntryFrame title="Welcome to Weir" lead="Two short steps, then connect Bitbucket.">
      {setup.isPending && <LoadingRows rows={3} />}
      {setup.isError && <ProblemNote error={setup.error} onRetry={() => void setup.refetch()} />}
      {setup.data?.needed === false && (
        <EmptyState
          icon="check"
          title="Weir is set up already"
          text="Somebody made the first organization. Log in, or ask an administrator for an invitation."
          action={<ButtonLink to="/login">Log in</ButtonLink>}
        />
      )}
      {setup.data?.needed === true && <SetupSteps />}
    </EntryFrame>
  )
}

function SetupSteps() {
  const [answers, setAnswers] = useState<Answers>({ token: location.hash.slice(1), organization: '' })
  const [step, setStep] = useState(0)
  return (
    <Stack>
      <Stepper active={step} size="xs" onStepClick={setStep} allowNextStepsSelect={false}>
        <Stepper.Step label="Organization" />
        <Stepper.Step label="Administrator" />
      </Stepper>
      {step === 0 ? (
        <OrganizationStep
          answers={answers}
          onDone={(given) => {
            setAnswers(given)
            setStep(1)
          }}
        />
      ) : (
        <AdministratorStep answers={answers} onBack={() => setStep(0)} />
      )}
    </Stack>
  )
}

function OrganizationStep({
  answers,
  onDone,
}: {
  readonly answers: Answers
  readonly onDone: (given: Answers) => void
}) {
  return (
    <ApiForm
      label="Organization"
      onSubmit={(form) =>
        onDone({ token: readText(form, 'setup_token'), organization: readText(form, 'organization_name') })
      }
    >
      <Stack>
        <TextInput
          name="setup_token"
          label="Setup token"
          description="Weir printed it where it was started, with a link; each start prints a new one. It works once."
          required
          defaultValue={answers.token}
          autoComplete="off"
          spellCheck={false}
        />
        <TextInput
          name="organization_name"
          label="Name of the organization"
          description="Your company or team, as people will see it."
          required
          maxLength={200}
          defaultValue={answers.organization}
          autoComplete="organization"
        />
        <Button type="submit" fullWidth mt="xs">
          Continue
        </Button>
      </Stack>
    </ApiForm>
  )
}

/** Makes the organization; whoever did it is logged in from then on. */
function useSetup(answers: Answers) {
  const complete = useCompleteSetup()
  const client = useQueryClient()
  const navigate = useNavigate()
  const submit = (form: FormData) =>
    complete.mutate(
      {
        body: {
          setup_token: answers.token,
          organization_name: answers.organization,
          name: readText(form, 'name'),
          email: readText(form, 'email'),
          password: readSecret(form, 'password'),
        },
      },
      {
        onSuccess: (session) => {
          client.setQueryData(sessionQuery.queryKey, session)
          void client.invalidateQueries({ queryKey: setupQuery.queryKey })
          void navigate({ to: '/' })
        },
      },
    )
  return { complete, submit }
}

function AdministratorStep({ answers, onBack }: { readonly answers: Answers; readonly onBack: () => void }) {
  const { complete, submit } = useSetup(answers)
  const first = useFirstFocus<HTMLInputElement>()
  return (
    <ApiForm label="Administrator" onSubmit={submit}>
      <Stack>
        <TextInput name="name" label="Your name" required maxLength={200} autoComplete="name" ref={first} />
        <TextInput
          name="email"
          type="email"
          label="E-mail"
          required
          autoComplete="username"
          error={fieldError(complete.error, 'email')}
        />
        <PasswordInput
          name="password"
          label="Password"
          description="At least 12 characters. A sentence is easier to remember than signs."
          required
          minLength={12}
          maxLength={128}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
          error={fieldError(complete.error, 'password')}
        />
        <FormProblem error={complete.error} />
        <Button type="submit" loading={complete.isPending} fullWidth mt="xs">
          Make the organization
        </Button>
        <Button variant="subtle" onClick={onBack}>
          Back
        </Button>
        <Text size="xs" c="dimmed" ta="center">
          You become its first administrator. More people join by invitation.
        </Text>
      </Stack>
    </ApiForm>
  )
}
