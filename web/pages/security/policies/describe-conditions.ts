import type { Policy } from '../../../../contract/security/policies.ts'
import { slaWords } from '../../../ui/sla.tsx'
import { toWords } from '../../../ui/words.ts'

/** `of dependency findings in Harbour, tag public, on main, breached`: what follows the severity; `names` are of its assets. */
export function describeConditions(policy: Policy, names: readonly string[]): string {
  const kinds = policy.kinds.map((kind) => toWords(kind).toLowerCase())
  const place = [...names, ...policy.tags.map((tag) => `tag ${tag}`)]
  return [
    kinds.length === 0 ? '' : `about ${kinds.join(' or ')}`,
    `of ${place.length === 0 ? 'every asset' : place.join(', ')}`,
    policy.branches.length === 0 ? '' : `on ${policy.branches.join(' or ')}`,
    policy.sla_states.length === 0
      ? ''
      : `whose deadline is ${policy.sla_states.map((state) => slaWords[state].label.toLowerCase()).join(' or ')}`,
  ]
    .filter((part) => part !== '')
    .join(' ')
}
