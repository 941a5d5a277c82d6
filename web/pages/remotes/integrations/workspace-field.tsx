import { TextInput } from '@mantine/core'

export function WorkspaceField() {
  return (
    <TextInput
      name="workspace"
      label="Workspace ID"
      description="As in the address: bitbucket.org/<workspace>"
      required
      autoComplete="off"
      spellCheck={false}
    />
  )
}
