import { Modal, Text } from '@mantine/core'
import { useCreatePublicLink } from '../../../api/public-links.ts'
import { ShownOnce } from '../../access/settings/shown-once.tsx'
import type { AnalyticsSearch } from '../analytics/analytics-search.ts'
import { LinkForm } from './link-form.tsx'

type NewLinkDialogProps = {
  readonly opened: boolean
  readonly onClose: () => void
  readonly view?: AnalyticsSearch
}

/** What a link shows is chosen here and cannot be changed in its address. */
export function NewLinkDialog({ opened, onClose, view = {} }: NewLinkDialogProps) {
  const create = useCreatePublicLink()
  const close = () => {
    onClose()
    create.reset()
  }
  return (
    <Modal opened={opened} onClose={close} title={<Text fw={650}>New public link</Text>}>
      {create.data === undefined ? (
        <LinkForm view={view} create={create} onCancel={close} />
      ) : (
        <ShownOnce value={create.data.url} copy="Copy the link" onDone={close}>
          <Text>Copy it now: Weir keeps only its hash and can never show it again.</Text>
        </ShownOnce>
      )}
    </Modal>
  )
}
