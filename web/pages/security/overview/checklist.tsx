import { Text, VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import type { RouteResponse } from '../../../api/route-types.ts'
import { useSession } from '../../../shell/use-session.ts'
import { Icon } from '../../../ui/icon.tsx'
import { ButtonLink } from '../../../ui/links.tsx'
import { Panel } from '../../../ui/panel.tsx'
import classes from './overview-page.module.css'

type Step = RouteResponse<'getOverview'>['checklist'][number]

const stepWords: Record<Step['step'], { title: string; text: string }> = {
  connect: { title: 'Connect Bitbucket', text: 'Log in at Bitbucket, or paste an API token.' },
  choose_repositories: { title: 'Choose repositories', text: 'They become assets, and Weir makes its webhooks.' },
  import_report: { title: 'Import a report', text: 'Of any scanner, by upload or from a pipeline.' },
  send: { title: 'Send a vulnerability to Bitbucket', text: 'By hand, or by a policy on severity.' },
  invite: { title: 'Invite your team', text: 'Champions decide, developers answer.' },
}

function linkOf(step: Step['step']): ReactNode {
  switch (step) {
    case 'connect':
    case 'choose_repositories':
      return <ButtonLink to="/integrations">Open integrations</ButtonLink>
    case 'import_report':
      return <ButtonLink to="/assets">Choose an asset</ButtonLink>
    case 'send':
      return <ButtonLink to="/vulnerabilities">Choose a vulnerability</ButtonLink>
    case 'invite':
      return <ButtonLink to="/settings">Invite people</ButtonLink>
    default:
      return step satisfies never
  }
}

/** What to do first; the first open step carries the button. */
export function Checklist({ steps }: { readonly steps: readonly Step[] }) {
  const { member } = useSession()
  const next = steps.find((item) => !item.done)
  const done = steps.filter((item) => item.done).length
  return (
    <Panel title="Get going" lead={`${done} of ${steps.length} steps done`}>
      <ol className={classes.list} style={{ margin: 0 }}>
        {steps.map((item) => (
          <li key={item.step} className={classes.step} data-done={item.done || undefined}>
            <span className={classes.tick}>{item.done && <Icon name="check" size={15} />}</span>
            <div style={{ flex: 1 }}>
              <Text fw={600} className={classes.title ?? ''}>
                {stepWords[item.step].title}
                <VisuallyHidden>{item.done ? ', done' : ', to do'}</VisuallyHidden>
              </Text>
              <Text size="sm" c="dimmed">
                {stepWords[item.step].text}
              </Text>
            </div>
            {item === next && (member.role === 'admin' || member.role === 'champion') && linkOf(item.step)}
          </li>
        ))}
      </ol>
    </Panel>
  )
}
