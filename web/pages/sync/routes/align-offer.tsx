import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { unalignedQuery, useAlignItems } from '../../../api/tracker-routes.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { count } from '../../../ui/words.ts'

type Props = { readonly routeId: string; readonly onClose: () => void }

/** After a route was changed: items that both sides agreed on stay as they are unless somebody wants them brought in line. */
export function AlignOffer({ routeId, onClose }: Props) {
  const unaligned = useQuery({ ...unalignedQuery(routeId), staleTime: 0 })
  const align = useAlignItems()
  const items = unaligned.data?.items ?? 0
  if (items === 0) return null
  const start = () =>
    align.mutate(
      { params: { id: routeId } },
      {
        onSuccess: ({ queued, left }) => {
          const rest = left === 0 ? '' : ` ${left.toLocaleString()} are left: save the route again for those.`
          notifications.show({ message: `${count(queued, 'item')} on the way to the new state.${rest}` })
          onClose()
        },
      },
    )
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="Bring items in line?"
      text={`${count(items, 'item')} of this route ${items === 1 ? 'shows' : 'show'} another state than it says now for their vulnerabilities. Left alone, each follows with the next change of its vulnerability.`}
      confirm={`Bring ${count(items, 'item')} in line`}
      busy={align.isPending}
      error={align.error}
      onConfirm={start}
    />
  )
}
