import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useWipeDemo } from '../api/session.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import classes from './banner.module.css'
import { useMay, useSession } from './use-session.ts'

export function DemoBanner() {
  const { organization } = useSession()
  const mayWipe = useMay('organization.write')
  const [opened, { open, close }] = useDisclosure(false)
  const wipe = useWipeDemo()
  if (!organization.is_demo) return null
  const confirm = () => wipe.mutate({ body: { confirm: 'wipe' } }, { onSuccess: () => location.assign('/') })
  return (
    <section className={classes.banner} aria-label="Demo">
      <Icon name="info" size={16} />
      <span>
        <strong>Demo.</strong> Invented people and data; Bitbucket is simulated.
      </span>
      {mayWipe && (
        <Button size="compact-xs" variant="default" onClick={open} style={{ flexShrink: 0 }}>
          Wipe the demo…
        </Button>
      )}
      <ConfirmDialog
        opened={opened}
        onClose={close}
        title="Wipe the demo?"
        text="All demo data goes: members, assets, vulnerabilities, conversations and the connection. This cannot be undone. Weir then asks for a setup token, to begin anew: it stands in the terminal that runs the demo. Starting `npm run demo` again there brings the story back."
        confirm="Wipe everything"
        danger
        onConfirm={confirm}
        busy={wipe.isPending}
        error={wipe.error}
      />
    </section>
  )
}
