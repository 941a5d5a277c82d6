import type { SourceRule } from '../../../domain/delivery/deployments/choose-source.ts'
import type { DeploymentSource } from '../../../store/delivery/deployments/deployment-rules.ts'

export function toSourceRule({ kind, pattern, valid_from, repository_id }: DeploymentSource): SourceRule {
  return { kind, pattern, validFrom: valid_from.getTime() / 1000, isOwn: repository_id !== null }
}
