import type { Status } from './status.ts'

/** Impact analysis of CycloneDX 1.6: https://cyclonedx.org/docs/1.6/json/#vulnerabilities_items_analysis */
export type VexAnalysis = {
  state: 'exploitable' | 'in_triage' | 'resolved' | 'false_positive' | 'not_affected'
  justification?: string
  response?: ('update' | 'will_not_fix')[]
  detail?: string
}

const justifications = [
  'code_not_present',
  'code_not_reachable',
  'requires_configuration',
  'requires_dependency',
  'requires_environment',
  'protected_by_compiler',
  'protected_at_runtime',
  'protected_at_perimeter',
  'protected_by_mitigating_control',
] as const

type Decided = { status: Status; statusReason: string | null; acceptedUntil: string | null; knownExploited: boolean }

/**
 * What a status says to others: found is not yet judged unless the world is known to exploit it, being worked on is
 * exploitable, an accepted risk is exploitable and stays. A justification is given only where the reason names one.
 */
export function toVexAnalysis({ status, statusReason, acceptedUntil, knownExploited }: Decided): VexAnalysis {
  const told = statusReason === null ? {} : { detail: statusReason }
  switch (status) {
    case 'created':
    case 'identified':
      return { state: knownExploited ? 'exploitable' : 'in_triage', ...told }
    case 'in_progress':
    case 'awaiting_validation':
      return { state: 'exploitable', response: ['update'], ...told }
    case 'fixed':
      return { state: 'resolved', ...told }
    case 'risk_accepted': {
      const until = acceptedUntil === null ? '' : ` Looked at again on ${acceptedUntil}.`
      return {
        state: 'exploitable',
        response: ['will_not_fix'],
        detail: `Risk accepted: ${statusReason ?? ''}${until}`,
      }
    }
    case 'false_positive':
      return { state: 'false_positive', ...told }
    case 'suppressed': {
      const justification = justifications.find((name) => statusReason?.includes(name) === true)
      return { state: 'not_affected', ...(justification !== undefined && { justification }), ...told }
    }
  }
}
