import { Button, Menu } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { publicLinksQuery } from '../../../api/public-links.ts'
import { useMay } from '../../../shell/use-session.ts'
import { useCopy } from '../../../ui/copy-button.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { NewLinkDialog } from '../public-links/new-link-dialog.tsx'
import { shownGroups } from '../public-links/to-link-view.ts'
import type { AnalyticsSearch } from './analytics-search.ts'

/** Gives a view to others: its address to those who have a login, a public link to those who have none. */
export function ShareMenu({ search }: { readonly search: AnalyticsSearch }) {
  const mayAdminister = useMay('organization.write')
  const [opened, dialog] = useDisclosure(false)
  const { copied, copy, byHand } = useCopy(() => globalThis.location.href)
  return (
    <>
      <Menu position="bottom-end" width={280}>
        <Menu.Target>
          <Button variant="default" leftSection={<Icon name={copied ? 'check' : 'link'} size={15} />}>
            {copied ? 'Copied' : 'Share'}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="copy" size={16} />} onClick={copy}>
            Copy the link to this view
          </Menu.Item>
          {mayAdminister && <PublicItems search={search} onMake={dialog.open} />}
        </Menu.Dropdown>
      </Menu>
      {byHand}
      {opened && <NewLinkDialog opened onClose={dialog.close} view={search} />}
    </>
  )
}

type PublicItemsProps = { readonly search: AnalyticsSearch; readonly onMake: () => void }

/** Asked only once the menu is open. */
function PublicItems({ search: { group = 'dora' }, onMake }: PublicItemsProps) {
  const links = useQuery(publicLinksQuery)
  const canBeShown = shownGroups.some((one) => one === group)
  const isOn = links.data?.is_on === true
  return (
    <>
      <Menu.Item leftSection={<Icon name="external" size={16} />} disabled={!canBeShown || !isOn} onClick={onMake}>
        Make a public link
      </Menu.Item>
      {!canBeShown && <Menu.Label>This tab is never shown publicly.</Menu.Label>}
      {canBeShown && links.isSuccess && !isOn && <Menu.Label>Public links are off.</Menu.Label>}
      {links.isError && <Menu.Label>Public links could not be read.</Menu.Label>}
      <Menu.Item leftSection={<Icon name="settings" size={16} />} component={Link} to="/settings/public-links">
        Manage public links
      </Menu.Item>
    </>
  )
}
