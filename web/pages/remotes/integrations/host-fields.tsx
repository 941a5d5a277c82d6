import { Anchor, Collapse, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { RouteResponse } from '../../../api/route-types.ts'
import { readText } from '../../../ui/form.tsx'

export type Requirements = RouteResponse<'getBitbucketRequirements'>

/** Only for a host that is not bitbucket.org; folded away for everybody else. */
export function HostFields({ requirements }: { readonly requirements: Requirements }) {
  const [opened, { toggle }] = useDisclosure(false)
  return (
    <div>
      <Anchor component="button" type="button" size="sm" onClick={toggle} aria-expanded={opened}>
        Another host than {new URL(requirements.web_url).host}
      </Anchor>
      <Collapse expanded={opened} keepMounted={false}>
        <Stack mt="xs">
          <TextInput name="web_url" type="url" label="Web address" placeholder={requirements.web_url} />
          <TextInput name="api_url" type="url" label="API address" placeholder={requirements.api_url} />
        </Stack>
      </Collapse>
    </div>
  )
}

/** Addresses that were typed; what is left empty stays the server's own setting. */
export function readHost(form: FormData): { web_url?: string; api_url?: string } {
  const web = readText(form, 'web_url')
  const api = readText(form, 'api_url')
  return { ...(web !== '' && { web_url: web }), ...(api !== '' && { api_url: api }) }
}
